# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The administration site of Django from Debian, with three people, on a free port behind TLS. Runs as a program too.

It has a sign-in form with a hidden token, a list of users, and a removal that asks to confirm.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

OPERATOR = "operator"
PASSWORD = "an operator's pass"
PEOPLE = ("bob", "ob")
"""The address of one is contained in that of the other."""
APPS = ("admin", "auth", "contenttypes", "sessions", "messages")
PYTHON = "/usr/bin/python3"


@dataclass(frozen=True)
class DjangoSite:
    """A running site. ``url`` is that of its administration."""

    url: str
    ca_path: str
    database: Path

    def people(self) -> list[str]:
        """Return the names of all users in the database."""
        command = [PYTHON, __file__, "people"]
        output = subprocess.run(command, env=_environment(self.database), check=True, capture_output=True, text=True)
        return output.stdout.split()


@contextlib.contextmanager
def django_site(root: Path) -> Iterator[DjangoSite]:
    """Run the site until the block ends."""
    import trustme
    from foreign.servers import free_port, running
    from foreign.tls_front import tls_front

    database = root / "db.sqlite"
    subprocess.run([PYTHON, __file__, "setup"], env=_environment(database), check=True)
    ca = trustme.CA()
    ca.cert_pem.write_to_path(root / "ca.pem")
    port = free_port()
    with tls_front(ca.issue_cert("localhost"), port) as https:
        environment = _environment(database) | {"ORIGIN": f"https://localhost:{https}"}
        with running([PYTHON, __file__, f"127.0.0.1:{port}"], port, root / "django.log", environment):
            yield DjangoSite(f"https://localhost:{https}/admin/", str(root / "ca.pem"), database)


def _environment(database: Path) -> dict[str, str]:
    return {"DATABASE": str(database), "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}


def main() -> None:
    """Set up the database, print its users, or serve at an address; it needs Django only."""
    settings = import_module("django.conf").settings
    processors = "django.template.context_processors.request", "django.contrib.auth.context_processors.auth"
    settings.configure(
        SECRET_KEY="not-secret" * 5,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=[f"django.contrib.{name}" for name in APPS],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": [*processors, "django.contrib.messages.context_processors.messages"]},
            }
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["DATABASE"]}},
        STATIC_URL="/static/",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        CSRF_TRUSTED_ORIGINS=[os.environ.get("ORIGIN", "https://localhost")],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    import_module("django").setup()
    user = import_module("django.contrib.auth.models").User.objects
    call_command = import_module("django.core.management").call_command
    admin = import_module("django.contrib.admin").site.urls
    globals()["urlpatterns"] = [import_module("django.urls").path("admin/", admin)]
    if sys.argv[1] == "setup":
        call_command("migrate", verbosity=0)
        user.create_superuser(OPERATOR, f"{OPERATOR}@example.com", PASSWORD)
        for name in PEOPLE:
            user.create_user(name, f"{name}@example.com", "unused")
    elif sys.argv[1] == "people":
        print(*user.values_list("username", flat=True))
    else:
        call_command("runserver", sys.argv[1], use_reloader=False)


if __name__ == "__main__":
    main()
