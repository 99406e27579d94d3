"""Every setting, in the order of INSTALLED_APPS, each value from the environment.

``.env.example`` documents each variable. With nothing set this is the embedded
default for one machine: SQLite and a Redis server on a private socket under VAR_DIR.
"""

from datetime import timedelta
from pathlib import Path

import django_stubs_ext
import environ
from corsheaders.defaults import default_headers
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from botforge.embedded.paths import redis_socket
from botforge.logs import logging_config
from botforge.openapi import openapi_settings
from botforge.redis_urls import redis_cache

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()
env.read_env(BASE_DIR / ".env")

# -- where things are
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()

# -- security
DEBUG = env.bool("DEBUG", default=True)
DEVELOPMENT_SECRET = "insecure-development-secret-that-is-not-for-any-server"  # noqa: S105 - refused below unless DEBUG
SECRET_KEY = env.str("SECRET_KEY", default=DEVELOPMENT_SECRET)
if not DEBUG and SECRET_KEY in ("", DEVELOPMENT_SECRET):
    raise ImproperlyConfigured(
        "SECRET_KEY is not set: with DEBUG=False give it a long random value "
        "(or SECRET_KEY_FILE the path of a file that holds one)."
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# HTTPS only makes sense where something terminates it: off for one machine.
HTTPS = env.bool("HTTPS", default=False)
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^api/v1/health/"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

# -- Django
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "corsheaders",
    "rest_framework",
    "rest_framework_simplejwt.token_blacklist",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_rq",
    "botforge",
    "accounts",
    "marketdata",
    "strategies",
    "backtests",
]
MIDDLEWARE = [
    "botforge.request_id.RequestIdMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "botforge.dashboard.QueueDashboardMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "botforge.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
LANGUAGE_CODE = "en-us"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True
# Django writes dates by language, whatever the settings say of them.
FORMAT_MODULE_PATH = "botforge.formats"

# -- database
# An empty variable means the default, so that a shell can switch a file's value off.
DATABASE_URL = (
    env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'botforge.sqlite3'}"
)
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    # IMMEDIATE: a deferred transaction that turns from reading to writing fails at
    # once when another process writes; this one waits its turn instead.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;",
    }
    # A file, because worker processes of the tests must see the same database.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# -- Redis: queue, cache and sessions in database numbers of their own, counted from
# the one that REDIS_URL names, so that clearing the cache cannot drop a job.
REDIS_URL = env.str("REDIS_URL", default="") or f"unix://{redis_socket(VAR_DIR)}?db=0"
CACHES = {
    # A cache that is down makes the service slower, not broken.
    "default": redis_cache(REDIS_URL, 1, IGNORE_EXCEPTIONS=True),
    "sessions": redis_cache(REDIS_URL, 2, IGNORE_EXCEPTIONS=True),
    "queue": redis_cache(REDIS_URL, 0),
}
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True

# -- sessions (the admin's; the API has none)
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_CACHE_ALIAS = "sessions"

# -- static files
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
# Without `collectstatic` the files are served from the packages they come in.
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "admin").is_dir()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# -- CORS: browser clients on other origins
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_HEADERS = [*default_headers, "idempotency-key", "if-match", "x-request-id"]
CORS_EXPOSE_HEADERS = [
    "Location",
    "ETag",
    "X-Request-ID",
    "Retry-After",
    "Idempotent-Replayed",
]

# -- accounts
AUTH_USER_MODEL = "accounts.User"
REGISTRATION_OPEN = env.bool("REGISTRATION_OPEN", default=True)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# -- REST: every permissive default of the framework is overridden
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework_simplejwt.authentication.JWTAuthentication"
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "botforge.api.tables.NamedFormats",
    # OPTIONS would tell what the code says of itself: 405, like any other method.
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_PARSER_CLASSES": ["botforge.api.parsers.BoundedJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "botforge.api.pagination.CursorPagination",
    "DEFAULT_FILTER_BACKENDS": [
        "django_filters.rest_framework.DjangoFilterBackend",
        "rest_framework.filters.OrderingFilter",
    ],
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
        "rest_framework.throttling.ScopedRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("THROTTLE_ANON", default="120/min"),
        "user": env.str("THROTTLE_USER", default="1200/min"),
        "auth": env.str("THROTTLE_AUTH", default="30/min"),
    },
    # Only as many proxies as there are may be believed about the client's address.
    "NUM_PROXIES": env.int("TRUSTED_PROXIES", default=0),
    "DEFAULT_SCHEMA_CLASS": "botforge.api.schema.ProblemAutoSchema",
    "EXCEPTION_HANDLER": "botforge.api.problems.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=14),
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
    # A changed password ends every token that was issued under the old one.
    "CHECK_REVOKE_TOKEN": True,
    "UPDATE_LAST_LOGIN": True,
}
SPECTACULAR_SETTINGS = openapi_settings()

# -- queue
JOB_TIMEOUT_SECONDS = env.int("JOB_TIMEOUT_SECONDS", default=600)
IMPORT_TIMEOUT_SECONDS = env.int("IMPORT_TIMEOUT_SECONDS", default=6 * 3600)
RQ_QUEUES = {
    name: {
        # One shared connection pool; a URL here would open a new one per enqueue.
        "USE_REDIS_CACHE": "queue",
        "DEFAULT_TIMEOUT": timeout,
        "DEFAULT_RESULT_TTL": 3600,
        "SERIALIZER": "rq.serializers.JSONSerializer",
    }
    # A worker for each: one that listens on several can lose a job when it dies, and
    # an hour of fetching pages must not stand before a backtest of half a second.
    for name, timeout in {
        "backtests": JOB_TIMEOUT_SECONDS,
        "data": IMPORT_TIMEOUT_SECONDS,
    }.items()
}
RQ = {
    "COMMIT_MODE": "on_db_commit",
    "WORKER_CLASS": "backtests.worker.PreloadWorker",
}

# -- what one user may ask for
BACKTESTS_MAX_ACTIVE = env.int("BACKTESTS_MAX_ACTIVE", default=200)
# Seconds of workers, as estimated, that one user may spend in a UTC day; 0: no limit.
BACKTESTS_MAX_DAILY_COST = env.int("BACKTESTS_MAX_DAILY_COST", default=14_400)
BACKTESTS_MAX_MEMORY_MB = env.int("BACKTESTS_MAX_MEMORY_MB", default=2_048)
# Where me/ finds what a user may have.
QUOTA_PROVIDERS = ["backtests.services.quota.user_quotas"]
BACKTESTS_MAX_ATTEMPTS = 3
# After so many days the tables of a result are deleted unless it is pinned; 0: never.
RESULTS_KEEP_DAYS = env.int("RESULTS_KEEP_DAYS", default=0)
IMPORTS_MAX_ACTIVE = env.int("IMPORTS_MAX_ACTIVE", default=10)
IMPORTS_MAX_ATTEMPTS = 3
IMPORT_MAX_UPLOAD_BYTES = env.int("IMPORT_MAX_UPLOAD_BYTES", default=50_000_000)

# -- strategies: classes of other packages, as "package.module:Class", and how much a
# text of the strategy language may be and cost, where that is not the default
STRATEGY_CLASSES = env.list("STRATEGY_CLASSES", default=[])
LANGUAGE_LIMITS = {
    name: env.int(f"LANGUAGE_MAX_{name.upper()}")
    for name in ("bytes", "lines", "depth", "nodes", "calls", "window", "plots", "cost",
                 "memory_bytes")
    if env.str(f"LANGUAGE_MAX_{name.upper()}", default="")
}  # fmt: skip

# -- providers of candles: a mirror to ask instead of the real address, for networks
# that let nothing else out
CCXT_URL = env.str("CCXT_URL", default="")
YAHOO_URL = env.str("YAHOO_URL", default="")

# -- logs
LOGGING = logging_config(
    formatter=env.str("LOG_FORMAT", default="console" if DEBUG else "json"),
    level=env.str("LOG_LEVEL", default="INFO"),
)
