# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The registration as a state machine: what a page stands for, and when [Register] may be pressed."""

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

ADDRESS = "https://home.example.com/register/0123456789abcdef"

texts = st.none() | st.text(max_size=30)
readings = st.fixed_dictionaries(
    {
        "state": st.sampled_from([*(state.value for state in State), "other", ""]),
        "address": st.none() | st.just("") | st.just(ADDRESS),
        "has_qr": st.booleans(),
        "text": texts,
        "tenant": texts,
    }
)


def read(state: str, **given: object) -> Registration | None:
    values: dict[str, object] = {"address": None, "has_qr": False, "text": None, "tenant": None, **given}
    return Registration.read(state, **values)  # type: ignore[arg-type]


# --- what is to be done next ---


@given(st.sampled_from([State.REQUESTED, State.AWAITING_CLAIM]), st.booleans(), st.booleans(), st.booleans())
def test_while_a_link_waits_or_is_made_register_is_never_pressed(
    state: State, present: bool, retry_failed: bool, register_again: bool
) -> None:
    step = plan(state, present=present, retry_failed=retry_failed, register_again=register_again)
    assert step is (RegistrationStep.COLLECT if present else RegistrationStep.NOTHING)


@given(st.sampled_from(State), st.booleans(), st.booleans(), st.booleans())
def test_register_is_pressed_only_where_it_may_be(
    state: State, present: bool, retry_failed: bool, register_again: bool
) -> None:
    step = plan(state, present=present, retry_failed=retry_failed, register_again=register_again)
    may = present and (
        state is State.UNREGISTERED
        or (state is State.FAILED and retry_failed)
        or (state is State.REGISTERED and register_again)
    )
    assert (step is RegistrationStep.PRESS) is may


@given(st.sampled_from(State), st.booleans(), st.booleans())
def test_only_a_registered_printer_is_unregistered(state: State, retry_failed: bool, register_again: bool) -> None:
    step = plan(state, present=False, retry_failed=retry_failed, register_again=register_again)
    assert step is (RegistrationStep.UNREGISTER if state is State.REGISTERED else RegistrationStep.NOTHING)


def test_a_failure_stops() -> None:
    assert plan(State.FAILED, present=True) is RegistrationStep.STOP


def test_a_registered_printer_is_left_alone() -> None:
    assert plan(State.REGISTERED, present=True) is RegistrationStep.NOTHING


# --- what a page stands for ---


def test_a_link_with_its_qr_code_waits_for_a_person() -> None:
    found = read("awaiting_claim", address=ADDRESS, has_qr=True)
    assert found == Registration(State.AWAITING_CLAIM, address=ADDRESS, has_qr=True)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"address": ADDRESS, "has_qr": False}, "there is no QR code beside the registration address"),
        ({"address": None, "has_qr": True}, "there is no registration address where it should be"),
        ({"address": "", "has_qr": True}, "there is no registration address where it should be"),
        ({"address": ADDRESS, "has_qr": False, "text": " Error E-17 "}, "Error E-17"),
        ({"address": None, "text": "Erreur lors de l'enregistrement"}, "Erreur lors de l'enregistrement"),
    ],
)
def test_no_qr_code_or_no_address_is_a_failure_that_keeps_its_text(given: dict[str, object], text: str) -> None:
    assert read("awaiting_claim", **given) == Registration(State.FAILED, text=text)


def test_an_error_text_is_kept() -> None:
    found = read("failed", text="Error while registering")
    assert found == Registration(State.FAILED, text="Error while registering")


def test_an_error_text_in_the_place_of_the_state_is_a_failure() -> None:
    assert read("other", text="Error while registering") == Registration(State.FAILED, text="Error while registering")


@pytest.mark.parametrize("text", [None, "", "  \n"])
def test_an_unknown_state_without_a_text_is_nothing_that_is_known(text: str | None) -> None:
    assert read("other", text=text, address=ADDRESS, has_qr=True) is None


def test_the_tenant_of_a_registered_printer_is_kept() -> None:
    found = read("registered", tenant="Print shop")
    assert found is not None
    assert (found.state, found.tenant) == (State.REGISTERED, "Print shop")


@given(readings)
def test_an_address_is_kept_only_while_it_is_waiting_and_complete(values: dict[str, object]) -> None:
    found = Registration.read(**values)  # type: ignore[arg-type]
    if found is None:
        assert values["state"] not in set(State)
        return
    if found.address is not None:
        assert (found.state, found.has_qr) == (State.AWAITING_CLAIM, True)
    if found.state is State.AWAITING_CLAIM:
        assert found.address == ADDRESS
    assert ADDRESS not in found.text


@given(readings)
def test_nothing_reads_as_registered_but_the_state_registered(values: dict[str, object]) -> None:
    found = Registration.read(**values)  # type: ignore[arg-type]
    assert (found is not None and found.state is State.REGISTERED) is (values["state"] == "registered")
