# SPDX-License-Identifier: Apache-2.0
"""Every setting, from `CAIRN_*` variables with values that work as they are."""

import os
import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_levels
from django.utils.translation import gettext_lazy as _

from cairn.site import environment

environment.check(os.environ)
CAIRN_DEVELOPMENT = environment.development(os.environ.get("CAIRN_MODE") or "development")
environment.require_mail(development=CAIRN_DEVELOPMENT, mail_url=os.environ.get("CAIRN_MAIL_URL", ""))

ROOM = Path(__file__).resolve().parent
PROJECT = ROOM.parents[4]

CAIRN_VAR = Path(
    os.environ.get("CAIRN_VAR") or (PROJECT if (PROJECT / "cairn").is_file() else Path.cwd()) / "var"
)
CAIRN_BASE_URL = environment.base_url(os.environ.get("CAIRN_BASE_URL") or "http://localhost:8000")
CAIRN_NEWS_INLINE = os.environ.get("CAIRN_NEWS_INLINE", "1") == "1"
#: The most one evidence file may weigh, in bytes.
CAIRN_FILE_LIMIT = 5 * 1024 * 1024

_base = urlsplit(CAIRN_BASE_URL)
DEBUG = False
SECRET_KEY = environment.secret(CAIRN_VAR, "django")
#: Wraps the private keys that sign credentials; never leaves the data folder.
CAIRN_KEY_SECRET = environment.secret(CAIRN_VAR, "signing-keys")
ALLOWED_HOSTS = [host for host in os.environ.get("CAIRN_ALLOWED_HOSTS", "").split(",") if host] or [
    _base.hostname or "localhost",
    *(["127.0.0.1", "localhost"] if CAIRN_DEVELOPMENT else []),
]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "cairn.foundation",
    "cairn.people",
    "cairn.achievements",
    "cairn.credentials",
    "cairn.assessment",
    "cairn.wallet",
    "cairn.verification",
    "cairn.messages",
    "cairn.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "cairn.foundation.middleware.NoNulMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cairn.people.middleware.ActorMiddleware",
    "cairn.foundation.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "cairn.site.urls"
WSGI_APPLICATION = "cairn.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        # This room's frame wins over what an installed package brings under the same name.
        "DIRS": [ROOM / "templates"],
        "OPTIONS": {
            "builtins": [
                "cairn.foundation.templatetags.cairn",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cairn.site.frame.frame",
            ],
        },
    }
]

DATABASES = {
    "default": environment.database(
        os.environ.get("CAIRN_DATABASE_URL", ""), CAIRN_VAR, sqlite3.sqlite_version_info
    )
}

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "people:sign-in"
LOGIN_REDIRECT_URL = "site:home"
LOGOUT_REDIRECT_URL = "site:home"

CSRF_FAILURE_VIEW = "cairn.site.pages.form_expired"
# Limits count who asks: behind proxies that is what the last trusted one reports, never what a client claims.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.proxies(os.environ.get("CAIRN_PROXIES", "0"))
# Shared by all processes of a machine, so that limits on signing in hold over all of them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": CAIRN_VAR / "cache",
    }
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [CAIRN_BASE_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _base.scheme == "https"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if _base.scheme == "https":
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "frame-src": [SELF],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

#: The stylesheet's words for what a notice says.
MESSAGE_TAGS = {message_levels.SUCCESS: "ok", message_levels.WARNING: "warn", message_levels.ERROR: "bad"}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("nl", _("Dutch"))]
LOCALE_PATHS = [ROOM / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = CAIRN_VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = [
    "cairn.foundation.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
#: A list to be checked takes 500 files; a few more are let in, so that the page can say so.
DATA_UPLOAD_MAX_NUMBER_FILES = 1000
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DEFAULT_FROM_EMAIL = f"Cairn <no-reply@{_base.hostname}>"
globals().update(environment.mail(os.environ.get("CAIRN_MAIL_URL", "")))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Addresses of ours are keys, and a database's complaint holds the row: neither is written down.
    "filters": {"route_only": {"()": "cairn.foundation.logs.RouteOnly"}},
    "formatters": {
        "line": {
            "()": "cairn.foundation.logs.WhereItBroke",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["route_only"]}
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
