# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flask AppBuilder with its own views of users, roles and the account. Runs in an environment with Flask AppBuilder.

Usage: flask_appbuilder_site.py FOLDER PORT CHAIN KEY USER PASSWORD PERSON... None of its pages is made here.
"""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

from flask import Flask
from flask_appbuilder import AppBuilder
from flask_appbuilder.utils.legacy import get_sqla_class
from flask_wtf.csrf import CSRFProtect
from https_server import serve


def main(folder: str, port: str, chain: str, key: str, user: str, password: str, *people: str) -> None:
    """Make the database with its users, and serve."""
    application = Flask("site")
    application.config.update(
        SECRET_KEY=secrets.token_hex(32),
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{Path(folder) / 'site.sqlite3'}",
        SESSION_COOKIE_SECURE=True,
        RATELIMIT_ENABLED=False,
    )
    CSRFProtect(application)
    database = get_sqla_class()()
    with application.app_context():
        database.init_app(application)
        builder = AppBuilder(application, database.session)
        role = builder.sm.find_role("Admin")
        builder.sm.add_user(user, "Site", "Administrator", "administrator@example.com", role, password)
        for number, person in enumerate(people, 1):
            builder.sm.add_user(person, "Person", f"Number {number}", person, role, hashed_password="!")
    serve(application, int(port), chain, key)


if __name__ == "__main__":
    main(*sys.argv[1:])
