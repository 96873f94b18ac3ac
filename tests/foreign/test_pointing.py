# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person points at products that nobody here has written; the profiles that come of it are used as they are.

The clicks are in tests/foreign/clicks. Nothing is edited, and no question is left open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import NoSuchRow, SignInRefused
from ansible_collections.printops.prisma.plugins.module_utils._web.session.reading import Reading
from ansible_collections.printops.prisma.plugins.module_utils._web.session.session import Session
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.record import RecorderOptions, record_profile
from foreign import driven
from foreign.products import PASSWORD, USER, Product, product
from support.person import find_chromium

pytestmark = [pytest.mark.slow, pytest.mark.needs_program("chromium")]
CLICKS = Path(__file__).resolve().parent / "clicks"
PERSON = "test-person@example.com"
CONTAINED = ("bob@example.com", "ob@example.com", "ob@example.com.example.org")
"""Whoever searches for the second finds all three."""
PEOPLE = [*CONTAINED, *(f"person-{number:02}@example.com" for number in range(1, 24))]
NEW_PASSWORD = "a new pässword 52&"


@dataclass(frozen=True)
class Case:
    """A product. ``more``: what its form for a new person asks in addition. ``steps``: clicks in the panel."""

    name: str
    path: str
    clicks: int
    more: dict[str, str]


CASES = (
    Case("django_admin", "admin/", 17, {}),
    Case("flask_appbuilder_site", "", 17, {"first_name": "New", "last_name": "Person", "roles": "Public"}),
)


@dataclass(frozen=True)
class Recorded:
    """A running product, and what came of pointing at it."""

    case: Case
    product: Product
    folder: Path
    result: dict[str, Any]

    @property
    def profile(self) -> Path:
        return self.folder / "profile.yml"

    def session(self, password: str = PASSWORD) -> Any:
        where = self.product
        return driven.session(str(self.profile), where.url, where.ca_path, username=USER, password=password)


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.name)
def recorded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    case: Case = request.param
    folder = tmp_path_factory.mktemp(case.name)
    with product(case.name, case.path, folder, PEOPLE) as running:
        clicks = (CLICKS / f"{case.name}.yml").read_text(encoding="utf-8")
        values = {"url": running.url, "username": USER, "password": PASSWORD, "person": PERSON}
        for name, value in values.items():
            clicks = clicks.replace(f"${{{name}}}", value)
        (folder / "clicks.yml").write_text(clicks, encoding="utf-8")
        result = record_profile(
            RecorderOptions(
                running.url,
                "other",
                case.name.replace("_", "-"),
                str(folder / "profile.yml"),
                fixture=str(folder / "fixture.har"),
                evidence={"kind": "simulated", "note": "A product of another project."},
                person=PERSON,
                browser=find_chromium(),
                browser_arguments=["--no-sandbox"],
                clicks=str(folder / "clicks.yml"),
                connection={"browser_validate_certs": False, "ca_path": running.ca_path},
            )
        )
        yield Recorded(case, running, folder, result)


@pytest.fixture
def session(recorded: Recorded) -> Iterator[Session]:
    with recorded.session() as one:
        yield one


def people(session: Session) -> list[str]:
    return sorted(str(row["person"]) for row in session.read("people").rows or () if "@" in str(row["person"]))


def test_the_profile_is_proven_without_a_question(recorded: Recorded) -> None:
    """By replay, writes included, and on the product itself."""
    result = recorded.result
    assert (result["proven"], result["open"], result["left_out"]) == (True, [], []), result["replay"] + result["live"]
    assert (result["clicks"], result["questions"]) == (recorded.case.clicks, 0)
    assert set(result["operations"]["write"]) == {"set_value", "add_person", "remove_person"}


def test_nothing_that_was_typed_is_in_the_files(recorded: Recorded) -> None:
    for name in ("profile.yml", "fixture.har"):
        text = (recorded.folder / name).read_text(encoding="utf-8")
        typed = (PASSWORD, PERSON, "wrong-password", "a test password 7391")
        assert [each for each in typed if each in text] == [], name


def test_a_wrong_password_is_refused(recorded: Recorded) -> None:
    with recorded.session("wrong") as session, pytest.raises(SignInRefused):
        session.read("value")


def test_a_setting_is_changed_and_read_back(session: Session) -> None:
    for value in ("Hall 7 & annex", "Größe <1>"):
        session.write("set_value", driven.shows(value=value), value=value)
        assert session.read("value").values["value"] == value


def test_a_person_comes_and_goes_by_row(recorded: Recorded, session: Session) -> None:
    """The person whose address is contained in those of two others is removed, and nobody else."""
    new = "new-person@example.com"
    before = people(session)
    assert set(PEOPLE) <= set(before)

    def has_new(reading: Reading) -> bool:
        return new in [row["person"] for row in reading.rows or ()]

    more = recorded.case.more
    session.write("add_person", has_new, person=new, new_password=NEW_PASSWORD, **more)
    assert people(session) == sorted([*before, new])
    session.write("remove_person", lambda reading: not has_new(reading), person=new)
    session.write("remove_person", lambda reading: True, person=CONTAINED[1])
    assert people(session) == sorted({*before} - {CONTAINED[1]})


def test_who_is_not_in_the_list_is_not_removed(session: Session) -> None:
    """A part of an address names nobody: the neighbours that a search finds stay, and nothing is sent."""
    before = people(session)
    for person in ("b@example.com", "example.com"):
        with pytest.raises(NoSuchRow, match="needs exactly one"):
            session.write("remove_person", lambda _reading: False, person=person)
    assert people(session) == before
