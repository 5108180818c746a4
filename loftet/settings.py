"""One file; nothing set means that it runs, on SQLite, on this machine alone."""

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

django_stubs_ext.monkeypatch()  # before any form is defined

BASE = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("LOFTET_VAR", BASE / "var")).resolve()


def flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes"}


def words(name: str, default: str) -> list[str]:
    return os.environ.get(name, default).split()


def kept_secret() -> str:
    """A key made once and kept beside the database, so that nobody stays on a published one."""
    path = VAR / "secret_key"
    if not path.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


DEBUG = flag("LOFTET_DEBUG")
SECRET_KEY = os.environ.get("LOFTET_SECRET_KEY") or kept_secret()
ALLOWED_HOSTS = words("LOFTET_HOSTS", "localhost 127.0.0.1 [::1]")
CSRF_TRUSTED_ORIGINS = words("LOFTET_ORIGINS", "")
ADDRESS = os.environ.get("LOFTET_ADDRESS", "http://127.0.0.1:8000").rstrip("/")

INSTALLED_APPS = [
    "loftet.ui",
    "loftet.policy",
    "loftet.core",
    "loftet.listen",
    "loftet.map",
    "loftet.promise",
    "loftet.followup",
    "loftet.publish",
    "loftet.desk",
    "loftet.demo",
    "allauth",
    "allauth.account",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "loftet.core.middleware.LanguageByAddress",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "loftet.core.middleware.RefusedMiddleware",
]

ROOT_URLCONF = "loftet.urls"
WSGI_APPLICATION = "loftet.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "loftet.core.context.here",
                "loftet.ui.context.other_language",
                "loftet.desk.context.menu",
            ],
        },
    }
]
FORM_RENDERER = "loftet.ui.forms.Renderer"

# --- Database -----------------------------------------------------------------------------------

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",  # a writer waits at its start, never half-way
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
    "PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=27103364;PRAGMA cache_size=2000;"
    "PRAGMA secure_delete=ON;",  # what is removed is overwritten: sealed answers, addresses
}
DATABASES: dict[str, Any] = {
    "default": dj_database_url.config(
        default=f"sqlite:///{VAR / 'loftet.sqlite3'}", conn_max_age=None
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People and login ---------------------------------------------------------------------------

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "loftet.core.login.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"  # people are invited to the address that they log in with
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:start"
ACCOUNT_LOGOUT_REDIRECT_URL = "publish:home"
SESSION_COOKIE_AGE = 60 * 60 * 10  # a working day
SESSION_COOKIE_SAMESITE = "Lax"
EMAIL_BACKEND = os.environ.get(
    "LOFTET_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = os.environ.get("LOFTET_EMAIL_HOST", "localhost")
DEFAULT_FROM_EMAIL = os.environ.get("LOFTET_EMAIL_FROM", "loftet@localhost")

# --- Languages and time -------------------------------------------------------------------------

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE / "loftet" / "locale"]
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True
DEMO_DAY = os.environ.get("LOFTET_DEMO_DAY")  # the day on which a demonstration stands still

# --- Files --------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(
    parents=True, exist_ok=True
)  # WhiteNoise looks there before anything is collected
MEDIA_ROOT = VAR / "files"
# Registers of people pass through: what is sent stays in memory and is never written down unsealed.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 61 * 2**20
TIDYING = ["loftet.listen.actions.counting.tidy", "loftet.listen.actions.letters.tidy"]
KEYS = VAR / "keys"  # outside the database and its backups
SEALED = VAR / "sealed"  # files of personal data, each under a key
COLLECTED = (STATIC_ROOT / "staticfiles.json").exists()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 3600

# --- Security -----------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
HTTPS = flag("LOFTET_HTTPS")  # set where a proxy with a certificate stands in front
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = (
    [] if HTTPS else ["security.W004", "security.W008", "security.W012", "security.W016"]
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOFTET_LOG_LEVEL", "WARNING")},
}
