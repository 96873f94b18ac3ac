# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connector table, as shipped and as extended by its users: the filter printops.prisma.connector."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.printops.prisma.plugins.filter.filters import FilterModule
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._connectors import check_applications, connectors
from hypothesis import given
from hypothesis import strategies as st

connector = FilterModule().filters()["connector"]

UNKNOWN = {"connector": "unknown", "needs": [], "note": ""}


# domain.md, "Which connector an application needs"
@pytest.mark.parametrize(
    ("controller", "application", "expected"),
    [
        ("PRISMAsync", "PRISMAlytics Dashboard", "internal"),
        ("PRISMAsync", "PRISMAlystics Dashboard", "internal"),
        ("PRISMAsync", "Remote Control", "internal"),
        ("PRISMAsync", "PRISMAsync Remote Control", "internal"),
        ("PRISMAsync", "PRISMAremote Monitoring", "internal"),
        ("PRISMAsync", "PRISMAlytics Accounting", "cloud_proxy"),
        ("SRA", "PRISMAlytics Accounting", "cloud_proxy"),
        ("any other", "PRISMAcolor Manager", "cloud_proxy"),
        ("PRISMAsync", "Remote Match", "administration_site"),
        ("SRA", "PRISMAlytics Dashboard", "internal"),
        ("any other", "PRISMAlytics Dashboard", "cloud_proxy"),
        ("large format", "PRISMAremote Monitoring", "internal"),
        ("Colorado", "PRISMAsync Remote Control", "internal"),
        ("PRISMAsync", "PRISMAremote Manager", "none"),
    ],
)
def test_the_rows_of_the_manuals(controller: str, application: str, expected: str) -> None:
    assert connector(controller, application)["connector"] == expected
    assert connector(controller.upper(), f" {application.lower().replace(' ', '-')} ")["connector"] == expected


def test_large_format_registers_by_the_administration_site() -> None:
    assert connector("large format", "PRISMAremote Monitoring")["needs"] == ["administration_site"]


def test_a_row_may_name_several_controllers() -> None:
    own = [row(["SRA", "any"], "Fax", "first"), row(["SRA", "Labels"], "Fax", "second")]
    assert [connector(name, "Fax", own)["connector"] for name in ("SRA", "labels", "PRISMAsync")] == [
        *("second", "second", "first"),
    ]


def test_remote_match_needs_an_ors_licence() -> None:
    assert connector("PRISMAsync", "Remote Match")["needs"] == ["ors_licence"]


@pytest.mark.parametrize(
    ("controller", "application"), [("SRA", "PRISMAremote Monitoring"), ("SRA", "Remote Match"), ("PRISMAsync", "Fax")]
)
def test_a_pair_that_no_row_has_is_unknown_and_no_error(controller: str, application: str) -> None:
    assert connector(controller, application) == UNKNOWN


@given(st.text(), st.text())
def test_no_pair_is_an_error(controller: str, application: str) -> None:
    assert set(connector(controller, application)) == {"connector", "needs", "note"}


def row(controller: Any, application: Any, name: str, **more: Any) -> dict[str, Any]:
    return {"controller": controller, "application": application, "connector": name, **more}


def test_rows_of_ones_own_win() -> None:
    own = [row("PRISMAsync", "PRISMAlytics Dashboard", "own", note="as the vendor told us", needs=["licence"])]
    found = connector("PRISMAsync", "PRISMAlytics Dashboard", own)
    assert found == {"connector": "own", "needs": ["licence"], "note": "as the vendor told us"}
    assert connector("PRISMAsync", "Remote Control", own)["connector"] == "internal"


def test_a_later_row_wins() -> None:
    own = [row("SRA", ["Fax", "Scan"], "first"), row("SRA", "Scan", "second")]
    assert [connector("SRA", name, own)["connector"] for name in ("Fax", "Scan")] == ["first", "second"]


@pytest.mark.parametrize("turned", [False, True])
def test_a_row_that_names_the_controller_wins_over_any(turned: bool) -> None:
    own = [row("SRA", "Fax", "named"), row("any", "Fax", "for all")]
    if turned:
        own.reverse()
    assert connector("SRA", "Fax", own)["connector"] == "named"
    assert connector("PRISMAsync", "Fax", own)["connector"] == "for all"


def test_a_row_of_ones_own_that_lacks_something_is_refused() -> None:
    with pytest.raises(AnsibleFilterError, match="lacks application, connector"):
        connector("SRA", "Fax", [{"controller": "SRA"}])


IDS = ("prismalytics-dashboard", "prismalytics-accounting", "prismacolor-manager", "premote-monitoring", "remote-match")


def test_an_application_is_known_by_any_row_that_names_it() -> None:
    check_applications(IDS, connectors())
    check_applications(["fax"], connectors([row("SRA", ["Fax"], "internal")]))
    check_applications([], [])


@pytest.mark.parametrize("misspelt", ["prismalytic-dashboard", "remotematch2", "", "any"])
def test_an_application_that_no_row_names_is_refused_by_the_name_of_the_variable(misspelt: str) -> None:
    with pytest.raises(BadInput, match=f"onboard_applications names '{misspelt}'") as caught:
        check_applications([*IDS, misspelt], connectors())
    assert "printops_connectors" in caught.value.advice
