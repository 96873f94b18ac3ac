# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile of Django's administration, made by pointing alone, is used: a setting, a list, people who come and go."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import PrismaError
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    ClientOptions,
    Deadline,
    make_client,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.session.reading import Reading
from ansible_collections.printops.prisma.plugins.module_utils._web.session.session import Session
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import TaskStore
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.record import RecorderOptions, record_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile
from foreign.django_site import OPERATOR, PASSWORD, DjangoSite, django_site
from support.person import find_chromium

pytestmark = [pytest.mark.slow, pytest.mark.needs_program("chromium"), pytest.mark.needs_program("django")]
PERSON = "test-person@example.com"
LOG_OUT = "#logout-form button, #user-tools a[href='/admin/logout/']"
USERS = ".breadcrumbs a[href='/admin/auth/user/']"
CLICKS: list[dict[str, Any]] = [
    {"fill": {"#id_username": OPERATOR, "#id_password": "wrong-password"}},
    {"click": "input[type=submit]"},
    {"see": ".errornote"},
    {"press": "done"},
    {"fill": {"#id_username": OPERATOR, "#id_password": PASSWORD}},
    {"click": "input[type=submit]"},
    {"see": "#user-tools"},
    {"press": "done"},
    {"point": LOG_OUT},
    # one value: the first name of bob
    {"click": "a[href='/admin/auth/user/']"},
    {"click": "#result_list a:text-is('bob')"},
    {"see": "#id_first_name"},
    {"point": "#id_first_name"},
    # the list, and its total
    {"click": USERS},
    {"see": "#result_list"},
    {"point": "#result_list tbody tr:first-child th a"},
    {"point": ".paginator"},
    {"press": "skip"},
    # the setting is changed and read back
    {"click": "#result_list a:text-is('bob')"},
    {"fill": {"#id_first_name": "Robert"}},
    {"click": "input[name=_save]"},
    {"see": ".success"},
    {"click": "#result_list a:text-is('bob')"},
    {"see": "#id_first_name"},
    {"press": "done"},
    # a test person comes and goes
    {"click": USERS},
    {"click": "a.addlink[href='/admin/auth/user/add/']"},
    {"fill": {"#id_username": PERSON, "#id_password1": "new-pass-77x", "#id_password2": "new-pass-77x"}},
    {"click": "input[name=_save]"},
    {"see": ".success"},
    {"click": USERS},
    {"see": "#result_list"},
    {"press": "done"},
    {"click": f"#result_list a:text-is('{PERSON}')"},
    {"click": "a.deletelink"},
    {"click": "#content form input[type=submit]"},
    {"see": ".success"},
    {"press": "done"},
    {"click": LOG_OUT},
    {"see": "text=Logged out"},
    {"press": "done"},
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DjangoSite]:
    with django_site(tmp_path_factory.mktemp("django")) as running:
        yield running


@pytest.fixture(scope="module")
def recorded(site: DjangoSite, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the result of the recorder."""
    folder = tmp_path_factory.mktemp("pointed")
    (folder / "clicks.yml").write_text(yaml.safe_dump(CLICKS), encoding="utf-8")
    options = RecorderOptions(
        site.url,
        "other",
        "pointed-django",
        str(folder / "profile.yml"),
        fixture=str(folder / "fixture.har"),
        evidence={"kind": "simulated", "note": "Recorded by a test."},
        person=PERSON,
        clicks=str(folder / "clicks.yml"),
        browser=find_chromium(),
        connection={"ca_path": site.ca_path, "browser_validate_certs": False},
    )
    return record_profile(options)


def test_sixteen_clicks_and_no_question_make_a_proven_profile(recorded: dict[str, Any]) -> None:
    assert recorded["proven"], [*recorded["replay"], *recorded["live"]]
    assert (recorded["clicks"], recorded["questions"]) == (16, 0)
    assert recorded["operations"] == {
        "read": ["value", "people"],
        "write": ["set_value", "add_person", "remove_person"],
    }


@pytest.fixture
def session(site: DjangoSite, recorded: dict[str, Any]) -> Iterator[Session]:
    profile = find_profile(recorded["profile_file"], "other", None)
    how = ClientOptions(site.url, ca_path=site.ca_path, deadline=Deadline(120))
    with make_client(how) as client:
        variables = {"host": "localhost", "username": OPERATOR, "password": PASSWORD}
        opened = Session(client, profile, key="django", account=OPERATOR, variables=variables, store=TaskStore())
        try:
            yield opened
        finally:
            opened.sign_out()


def names(reading: Reading) -> list[str]:
    return [str(row["person"]) for row in reading.rows]


def test_a_setting_is_changed_and_read_back(session: Session) -> None:
    session.write("set_value", lambda reading: reading.values["value"] == "Bobby", value="Bobby")
    assert session.read("value").values["value"] == "Bobby"


def test_the_right_person_is_removed_by_row_or_nobody(session: Session, site: DjangoSite) -> None:
    assert names(session.read("people")) == ["bob", "ob", OPERATOR]
    session.write("add_person", lambda reading: "new" in names(reading), person="new", new_password="new-pass-78x")
    session.write("remove_person", lambda reading: "ob" not in names(reading), person="ob")
    assert site.people() == sorted(["bob", "new", OPERATOR])
    with contextlib.suppress(PrismaError):  # nobody has that name, so it may also count as done
        session.write("remove_person", lambda reading: "o" not in names(reading), person="o")
    assert site.people() == sorted(["bob", "new", OPERATOR])
