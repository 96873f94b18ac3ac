# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a profile must say depends on how its printers are registered: by a link, or by handing over."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.module_utils._prisma.contract import CONTRACTS, CONTROLLER
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.expression import ProfileProblem
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import build_profile

PROFILES = Path(__file__).resolve().parents[3] / "plugins" / "profiles"
EDITOR = yaml.safe_load((PROFILES / "prismasync-settings-editor.yml").read_text(encoding="utf-8"))
REMOTE_UI = yaml.safe_load((PROFILES / "sra-remote-ui.yml").read_text(encoding="utf-8"))
METHODS = ("link", "hand_over")


def fault(source: dict[str, Any]) -> tuple[tuple[Any, ...], str]:
    with pytest.raises(ProfileProblem) as caught:
        build_profile(source, CONTROLLER)
    return caught.value.path, str(caught.value)


@pytest.mark.parametrize(
    ("method", "shown", "pressed"),
    [("link", {"state", "address", "qr"}, set()), ("hand_over", {"state"}, {"address"})],
)
def test_the_address_stands_on_the_page_or_in_the_answer_to_the_button(
    method: str, shown: set[str], pressed: set[str]
) -> None:
    """domain.md, "Registering a printer in PRISMA Home": of a hand-over neither address nor QR code stays there."""
    assert CONTROLLER.reads["registration"].for_method(method).gives == shown
    assert CONTROLLER.writes["register"].for_method(method).gives == pressed


def test_a_profile_that_names_no_method_shows_a_link() -> None:
    assert CONTROLLER.reads["registration"].for_method(None) == CONTROLLER.reads["registration"].for_method("link")
    source = copy.deepcopy(REMOTE_UI)
    del source["registration_method"]
    assert build_profile(source, CONTROLLER).registration_method is None


def test_asking_for_a_method_changes_nothing_of_the_contract_itself() -> None:
    before = CONTROLLER.reads["registration"].gives
    CONTROLLER.reads["registration"].for_method("link")
    assert CONTROLLER.reads["registration"].gives == before == {"state"}


@pytest.mark.parametrize("interface", sorted(CONTRACTS))
def test_only_registration_depends_on_the_method(interface: str) -> None:
    contract = CONTRACTS[interface]
    named = {**contract.reads, **{f"write {name}": each for name, each in contract.writes.items()}}
    differ = {name for name, each in named.items() if len({each.for_method(method).gives for method in METHODS}) > 1}
    assert differ == ({"registration", "write register"} if interface == "controller" else set())
    assert {method for each in named.values() for method in each.by_method} <= set(METHODS)


def test_a_hand_over_without_its_address_is_refused() -> None:
    """Given a button whose answer nobody looks into, then the address would be lost with every press."""
    source = copy.deepcopy(EDITOR)
    del source["write"]["register"]["fields"]
    path, said = fault(source)
    assert path == ("write", "register", "fields")
    assert "the field 'address' is needed here" in said


def test_a_hand_over_shows_no_address_that_could_be_read() -> None:
    source = copy.deepcopy(EDITOR)
    source["read"]["registration"]["fields"]["address"] = "location"
    path, said = fault(source)
    assert path == ("read", "registration", "fields", "address")
    assert "known here: service, state, tenant, text" in said


@pytest.mark.parametrize("field", ["address", "qr"])
def test_a_link_needs_its_address_and_its_qr_code(field: str) -> None:
    source = copy.deepcopy(REMOTE_UI)
    del source["read"]["registration"]["fields"][field]
    path, said = fault(source)
    assert path == ("read", "registration", "fields")
    assert f"the field {field!r} is needed here" in said


def test_the_methods_are_not_mixed_up() -> None:
    """Given a profile of one method under the name of the other, then it is refused and not half understood."""
    as_link, as_hand_over = {**EDITOR, "registration_method": "link"}, {**REMOTE_UI, "registration_method": "hand_over"}
    assert fault(as_link)[0] == ("read", "registration", "fields")
    assert fault(as_hand_over)[0] == ("read", "registration", "fields", "address")


@pytest.mark.parametrize(
    ("field", "pick"),
    [
        ("communication_type", "communicationType"),
        ("communication_type", {"pick": "communicationType", "values": {"native": ["Native"]}}),
        ("status", "status"),
    ],
)
def test_what_is_decided_by_a_closed_list_is_mapped_to_it_by_the_profile(field: str, pick: Any) -> None:
    """No label of a web interface is compared anywhere but in its profile."""
    source = yaml.safe_load((PROFILES / "prisma-home-application.yml").read_text(encoding="utf-8"))
    build_profile(source, CONTRACTS["tenant"])
    source["read"]["devices"]["fields"][field] = pick
    with pytest.raises(ProfileProblem, match="'values' is needed here, with these meanings: c") as caught:
        build_profile(source, CONTRACTS["tenant"])
    assert caught.value.path == ("read", "devices", "fields", field)
