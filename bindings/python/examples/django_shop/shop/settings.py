"""The settings of the shop: Django's, and at the end those of `qris.Orders`."""

import os
import secrets
from pathlib import Path

BASE_DIR = Path(os.environ.get("SHOP_FOLDER", Path(__file__).resolve().parent.parent))

# Only for the example: a real shop uses its own secret.
SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY") or secrets.token_urlsafe(50)
DEBUG = os.environ.get("DJANGO_DEBUG") == "1"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "shop",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "shop.urls"
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
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": BASE_DIR / "django.sqlite3",
        "OPTIONS": {"timeout": 30, "transaction_mode": "IMMEDIATE"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "static/"
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"

# The orders have their own database: they must not roll back with Django's transactions. The key
# comes from the environment, never from a file in git.
QRIS_DATABASE = os.environ.get("QRIS_DATABASE_URL", str(BASE_DIR / "qris.db"))
QRIS_API_KEY = os.environ.get("QRIS_API_KEY", "")
QRIS_MERCHANT_ID = os.environ.get("QRIS_MERCHANT_ID", "")
QRIS_BASE_URL = os.environ.get("QRIS_BASE_URL")
QRIS_WEBHOOK_TOKEN = os.environ.get("WEBHOOK_TOKEN") or secrets.token_urlsafe(24)
