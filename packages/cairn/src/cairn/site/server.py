# SPDX-License-Identifier: Apache-2.0
"""What gunicorn is told beyond its options: say where to look once it listens, and write no access log."""

from typing import Any

#: An access log would keep who looked at whose credential.
accesslog = None
errorlog = "-"
loglevel = "warning"
timeout = 60
graceful_timeout = 20
limit_request_line = 8190


def when_ready(_server: Any) -> None:
    """Print the welcome that the command left in the environment; gunicorn calls this once it listens."""
    import os

    print(os.environ.get("WELCOME_TO_CAIRN", ""), flush=True)  # noqa: T201
