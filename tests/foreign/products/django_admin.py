# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The administration of Django, with its own applications for users and sites. Runs in an environment with Django.

Usage: django_admin.py FOLDER PORT CHAIN KEY USER PASSWORD PERSON... None of its pages is made here.
"""

from __future__ import annotations

import secrets
import sys
import types
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import path
from https_server import serve

ROWS_PER_PAGE = 20
APPLICATIONS = ("admin", "auth", "contenttypes", "messages", "sessions", "sites", "staticfiles")
MIDDLEWARE = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)
CONTEXT = ("django.template.context_processors.request", "django.contrib.auth.context_processors.auth")


def configure(folder: str) -> None:
    """Configure Django as its own template for new projects does, with a database in ``folder``."""
    context = [*CONTEXT, "django.contrib.messages.context_processors.messages"]
    templates = {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
    settings.configure(
        SECRET_KEY=secrets.token_hex(32),
        ALLOWED_HOSTS=["localhost"],
        ROOT_URLCONF="urls",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(Path(folder) / "db.sqlite3")}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],  # fast
        INSTALLED_APPS=[f"django.contrib.{name}" for name in APPLICATIONS],
        MIDDLEWARE=list(MIDDLEWARE),
        TEMPLATES=[{**templates, "OPTIONS": {"context_processors": context}}],
        SESSION_COOKIE_SECURE=True,
        CSRF_COOKIE_SECURE=True,
        SITE_ID=1,
        STATIC_URL="/static/",
        USE_TZ=True,
    )
    django.setup()


def main(folder: str, port: str, chain: str, key: str, user: str, password: str, *people: str) -> None:
    """Make the database with its users, and serve."""
    configure(folder)
    from django.contrib import admin
    from django.contrib.auth.models import User
    from django.contrib.staticfiles.handlers import StaticFilesHandler

    urls = types.ModuleType("urls")
    urls.__dict__["urlpatterns"] = [path("admin/", admin.site.urls)]
    sys.modules["urls"] = urls
    call_command("migrate", verbosity=0)
    User.objects.create_superuser(user, "", password)
    User.objects.bulk_create([User(username=person, email=person, password="!") for person in people])
    admin.site.get_model_admin(User).list_per_page = ROWS_PER_PAGE
    settings.DEBUG = True  # serves the style sheets
    serve(StaticFilesHandler(get_wsgi_application()), int(port), chain, key)


if __name__ == "__main__":
    main(*sys.argv[1:])
