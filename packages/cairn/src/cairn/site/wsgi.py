# SPDX-License-Identifier: Apache-2.0
"""The door for a WSGI server such as gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cairn.site.settings")
application = get_wsgi_application()
