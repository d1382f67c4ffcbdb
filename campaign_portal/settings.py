"""All settings, read top to bottom. What differs between places comes from the environment; docs/operations.md lists it."""

import os
import sys
from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured


def flag(name, default):
    return os.environ.get(name, default).lower() in {"1", "true", "yes", "on"}


# Where things are
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("PORTAL_DATA_DIR", BASE_DIR / "var"))
RUN_DIR = Path(os.environ.get("PORTAL_RUN_DIR", DATA_DIR / "run"))  # signs of life of worker and scheduler
for folder in (DATA_DIR, RUN_DIR):
    folder.mkdir(parents=True, exist_ok=True)

# What must not be guessed
DEBUG = flag("PORTAL_DEBUG", "0")
SECRET_KEY = os.environ.get("PORTAL_SECRET_KEY", "")
if not SECRET_KEY:
    # Commands that neither sign nor serve (migrate, check, collectstatic) run without one; a server or worker does not.
    if not DEBUG and Path(sys.argv[0]).name in {"gunicorn", "celery"}:
        raise ImproperlyConfigured("Set PORTAL_SECRET_KEY (50 random characters or more) before serving.")
    SECRET_KEY = os.urandom(32).hex()
ALLOWED_HOSTS = [host for host in os.environ.get("PORTAL_ALLOWED_HOSTS", "localhost,127.0.0.1").split(",") if host]

# Transport. PORTAL_HTTPS=0 is for a machine that talks to itself (make run, tests).
HTTPS = flag("PORTAL_HTTPS", "1")
BEHIND_PROXY = flag("PORTAL_BEHIND_PROXY", "0")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
CSRF_FAILURE_VIEW = "campaign_portal.campaigns.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("PORTAL_ORIGINS", "").split(",") if origin]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],  # Tabler draws ticks as data: images; photos preview as blob:
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "guardian",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "campaign_portal.accounts",
    "campaign_portal.audit",
    "campaign_portal.files",
    "campaign_portal.jobs",
    "campaign_portal.lists",
    "campaign_portal.operations",
    "campaign_portal.deadlines",
    "campaign_portal.documents",
    "campaign_portal.sheets",
    "campaign_portal.reminders",
    "campaign_portal.circulars",
    "campaign_portal.campaigns",
    "facilities",
    "inspections",
    "training",
    "campaign_portal.demo",
]

MIDDLEWARE = [
    "campaign_portal.operations.middleware.HealthMiddleware",
    "campaign_portal.audit.context.RequestContextMiddleware",
    "campaign_portal.audit.logs.AccessLogMiddleware",
    "campaign_portal.files.middleware.WholeBodyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "campaign_portal.accounts.middleware.IdleTimeoutMiddleware",
    "campaign_portal.accounts.middleware.SignInMiddleware",
    "campaign_portal.accounts.middleware.UnfinishedSignInMiddleware",
    "campaign_portal.files.middleware.OutboxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "campaign_portal.urls"
WSGI_APPLICATION = "campaign_portal.wsgi.application"
FORM_RENDERER = "campaign_portal.fields.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "campaign_portal.campaigns.navigation.frame",
            ],
            "builtins": ["campaign_portal.campaigns.templatetags.portal"],
        },
    }
]

# Data
DATABASE_URL = os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'portal.sqlite3'}"
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a deferred transaction that later writes dies with "database is locked"
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)  # seconds
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Files
MEDIA_ROOT = DATA_DIR / "files"  # never served by URL: files.views hands bytes out through the row that owns them
STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("PORTAL_STATIC_DIR", DATA_DIR / "static"))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("tabler", BASE_DIR / "node_modules" / "@tabler" / "core" / "dist" / "css"),
]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "campaign_portal.static_files.NpmFileFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "campaign_portal.static_files.PortalStaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644},  # an image collects as root and serves as somebody else
    },
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024  # fields of a form; files are bounded in files.services
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000  # a page of 200 changed rows has a tick for each of their cells
DATA_UPLOAD_MAX_NUMBER_FILES = 30
FILE_UPLOAD_PERMISSIONS = 0o640

# Work behind the pages: Redis where there is one, else a folder that the worker watches. Never eager.
REDIS_URL = os.environ.get("REDIS_URL", "")
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
else:
    BROKER_DIR = DATA_DIR / "broker"
    for folder in ("queue", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
    }
CELERY_TASK_IGNORE_RESULT = True  # results are rows of Job
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULER = "campaign_portal.operations.beating:BeatingScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 20  # seconds; how often the scheduler gives a sign of life
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "campaign_portal.accounts.backends.OfficeBackend"]
PASSWORD_HASHERS = ["campaign_portal.accounts.passwords.BoundedArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "phone")},
    },
    {"NAME": "campaign_portal.accounts.passwords.KindsOfCharactersValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:sign-in"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
IDLE_MINUTES = int(os.environ.get("PORTAL_IDLE_MINUTES", "30"))
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_LOCKOUT_PARAMETERS = [
    ["username", "ip_address"]
]  # homes share a carrier's address; a stranger must not lock a name
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "campaign_portal.accounts.views.locked_out"
AXES_VERBOSE = False
SECOND_FACTOR_ROLES = {role for role in os.environ.get("PORTAL_SECOND_FACTOR", "bureau,department").split(",") if role}
OTP_TOTP_ISSUER = "养老机构专项行动"
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
SILENCED_SYSTEM_CHECKS = [
    "guardian.W001",  # its own backend would return expired grants; access.scope_of reads them with their dates
    "security.W005",  # other hosts below the county's domain are not ours to force to HTTPS,
    "security.W021",  # nor to enter into the browsers' lists
]

# Messages: who sends the mail, which hosts may be called. What is not set up is not used, and the pages say so.
ADDRESS = os.environ.get("PORTAL_ADDRESS") or next(iter(CSRF_TRUSTED_ORIGINS), "")  # before the paths in a message
EMAIL_HOST = os.environ.get("PORTAL_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("PORTAL_SMTP_PORT") or "465")
EMAIL_HOST_USER = os.environ.get("PORTAL_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("PORTAL_SMTP_PASSWORD", "")
SMTP_TLS = os.environ.get("PORTAL_SMTP_TLS") or "ssl"
if SMTP_TLS not in {"ssl", "starttls", "none"}:
    raise ImproperlyConfigured("PORTAL_SMTP_TLS is ssl, starttls or none.")
EMAIL_USE_SSL, EMAIL_USE_TLS = SMTP_TLS == "ssl", SMTP_TLS == "starttls"
EMAIL_TIMEOUT = int(os.environ.get("PORTAL_SMTP_SECONDS") or "15")  # for each answer of the server
DEFAULT_FROM_EMAIL = os.environ.get("PORTAL_MAIL_FROM") or EMAIL_HOST_USER
ROBOT_HOSTS = {"wecom": "qyapi.weixin.qq.com", "dingtalk": "oapi.dingtalk.com"}
MESSAGE_HOSTS = [*ROBOT_HOSTS.values(), *filter(None, os.environ.get("PORTAL_MESSAGE_HOSTS", "").split(","))]
PRIVATE_HOSTS = [host for host in os.environ.get("PORTAL_PRIVATE_HOSTS", "").split(",") if host]  # may be in the office
PLAIN_HOSTS = [
    host for host in os.environ.get("PORTAL_PLAIN_HOSTS", "").split(",") if host
]  # may be called without TLS
SMS_URL = os.environ.get("PORTAL_SMS_URL", "")
SMS_METHOD = os.environ.get("PORTAL_SMS_METHOD") or "POST"
SMS_HEADERS = os.environ.get("PORTAL_SMS_HEADERS") or "Content-Type: application/json"  # several are parted by |
SMS_BODY = os.environ.get("PORTAL_SMS_BODY") or '{"phone": "{phone}", "text": "{text}"}'
SMS_SUCCESS = os.environ.get("PORTAL_SMS_SUCCESS", "")  # "code=0": a path into the JSON answer; else a text in it
MESSAGE_LEASE = int(os.environ.get("PORTAL_MESSAGE_LEASE") or "600")  # seconds; longer than any call of a channel

# Language and time
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# Logs: one line an event, with the request's id
LOG_FORMAT = os.environ.get("PORTAL_LOG", "line")
if LOG_FORMAT not in {"line", "json"}:
    raise ImproperlyConfigured("PORTAL_LOG is either line or json.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "campaign_portal.audit.logs.RequestIdFilter"}},
    "formatters": {
        "line": {
            "()": "campaign_portal.audit.logs.LineFormatter",
            "fmt": "{asctime} {levelname} {request_id} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "campaign_portal.audit.logs.ObjectFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("PORTAL_LOG_LEVEL", "INFO").upper()},
    "loggers": {name: {"level": "WARNING"} for name in ("axes", "fontTools", "weasyprint")},
}
