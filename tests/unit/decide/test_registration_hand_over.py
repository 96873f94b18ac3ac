# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The registration of a printer that hands over: its controller shows no address, so somebody has to bring it."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.registration import (
    Registration,
    RegistrationStep,
    State,
    plan,
)
from hypothesis import given
from hypothesis import strategies as st

ADDRESS = "https://home.example.com/hand-over/0123456789abcdef"
SHOWN = (State.UNREGISTERED, State.REGISTERED, State.FAILED)
"""What such a controller can show: neither a request under way nor an address that waits."""

texts = st.none() | st.text(max_size=30)
readings = st.fixed_dictionaries(
    {
        "state": st.sampled_from([*(state.value for state in State), "other", ""]),
        "text": texts,
        "tenant": texts,
        "service": st.none() | st.sampled_from(["home", "site", "other"]),
        "address": st.none() | st.just("") | st.just(ADDRESS),
    }
)


def read(state: str, **given: str | None) -> Registration | None:
    values: dict[str, str | None] = {"text": None, "tenant": None, "service": None, "address": None, **given}
    return Registration.read_hand_over(state, **values)  # type: ignore[arg-type]


def test_an_address_that_somebody_has_waits_while_the_printer_is_not_registered() -> None:
    found = read("unregistered", address=ADDRESS, service="home", text=" Not registered ")
    assert found == Registration(State.AWAITING_CLAIM, address=ADDRESS, service="home", text="Not registered")
    assert plan(found.state, present=True) is RegistrationStep.COLLECT


@pytest.mark.parametrize("address", [None, ""])
def test_without_an_address_the_button_is_to_be_pressed(address: str | None) -> None:
    found = read("unregistered", address=address, service="site")
    assert found == Registration(State.UNREGISTERED, service="site")
    assert plan(found.state, present=True) is RegistrationStep.PRESS


def test_a_registered_printer_needs_the_address_no_more() -> None:
    """Given a file that an earlier run left, then a person has completed it meanwhile, and nothing waits."""
    found = read("registered", address=ADDRESS, tenant="Print shop", service="home")
    assert found == Registration(State.REGISTERED, tenant="Print shop", service="home")
    assert plan(found.state, present=True) is RegistrationStep.NOTHING


def test_while_the_address_of_a_take_over_waits_the_button_is_not_pressed_again() -> None:
    """Given a printer that is registered until another cloud has it, then an earlier run's address still counts."""
    found = Registration.read_hand_over(
        "registered", text=None, tenant="Elsewhere", service="home", address=ADDRESS, register_again=True
    )
    assert found == Registration(State.AWAITING_CLAIM, address=ADDRESS, tenant="Elsewhere", service="home")
    assert plan(found.state, present=True, register_again=True) is RegistrationStep.COLLECT
    assert plan(State.REGISTERED, present=True, register_again=True) is RegistrationStep.PRESS


def test_a_failure_keeps_its_text_and_no_address() -> None:
    found = read("failed", address=ADDRESS, text="No connection")
    assert found == Registration(State.FAILED, text="No connection")
    assert plan(found.state, present=True) is RegistrationStep.STOP


@pytest.mark.parametrize("state", ["requested", "awaiting_claim", "other", ""])
def test_states_that_no_such_controller_shows_are_not_known(state: str) -> None:
    """An address that waits is never read off the page, so a page that claims one is a page of something else."""
    assert read(state, address=ADDRESS, text="waiting") is None


@given(readings)
def test_an_address_is_kept_exactly_where_it_waits(values: dict[str, str | None]) -> None:
    found = Registration.read_hand_over(**values)  # type: ignore[arg-type]
    assert (found is None) is (values["state"] not in SHOWN)
    if found is None:
        return
    waits = values["state"] == "unregistered" and bool(values["address"])
    assert (found.state is State.AWAITING_CLAIM) is waits
    assert found.address == (ADDRESS if waits else None)
    assert not found.has_qr  # domain.md, "Registering a printer in PRISMA Home": no QR code stays at the printer
    assert (found.tenant, found.service) == (values["tenant"], values["service"])
    assert ADDRESS not in found.text


@given(readings)
def test_nothing_reads_as_registered_but_the_state_registered(values: dict[str, str | None]) -> None:
    found = Registration.read_hand_over(**values)  # type: ignore[arg-type]
    assert (found is not None and found.state is State.REGISTERED) is (values["state"] == "registered")
