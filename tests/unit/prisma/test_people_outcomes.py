# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outcome of a task on people for every error that can end it."""

from __future__ import annotations

import inspect

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.status import AccessOutcome
from ansible_collections.printops.prisma.plugins.module_utils._prisma.people import outcome_of
from ansible_collections.printops.prisma.plugins.module_utils._web import errors
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import PrismaError

OF_PRINTERS = {
    *(errors.WrongDevice, errors.OrsNotReady, errors.ProxyWrong, errors.LicenceRefused),
    *(errors.OwnedByOther, errors.RegistrationFailed),
}
"""Errors of tasks on a printer."""

EXPECTED: dict[type[PrismaError], str] = {
    errors.BadInput: "bad_input",
    errors.MissingLibrary: "bad_input",
    errors.ForbiddenRedirect: "bad_input",
    errors.Unsupported: "unsupported",
    errors.Unreachable: "unreachable",
    errors.UnknownHost: "unreachable",
    errors.NotHttp: "unreachable",
    errors.TlsHandshakeFailed: "unreachable",
    errors.TimedOut: "timeout",
    errors.Busy: "busy",
    errors.UntrustedCertificate: "untrusted_certificate",
    errors.SignInRefused: "auth_failed",
    errors.SecondFactorDemanded: "auth_failed",
    errors.AccountLocked: "locked",
    errors.PasswordChangeDemanded: "password_change",
    errors.NotTried: "not_tried",
    errors.GuardrailRefused: "guardrail_refused",
    errors.AllHeldBack: "drift",
    errors.PartlyApplied: "partly_applied",
    errors.UnplannedChange: "unplanned_change",
    errors.UnexpectedPage: "incomplete",
    errors.NoSuchRow: "incomplete",
    errors.NotReadBack: "incomplete",
    errors.RightMissing: "incomplete",
    errors.RunEnded: "incomplete",
    errors.TransportError: "incomplete",  # a run that was stopped while it waited for an answer
    errors.CheckModeViolation: "incomplete",
    PrismaError: "incomplete",
}


def test_every_error_has_an_expected_outcome() -> None:
    classes = {
        found for _name, found in inspect.getmembers(errors, inspect.isclass) if issubclass(found, errors.PrismaError)
    }
    assert classes == EXPECTED.keys() | OF_PRINTERS


@pytest.mark.parametrize(("kind", "outcome"), EXPECTED.items(), ids=lambda value: getattr(value, "__name__", None))
def test_an_error_leads_to_its_outcome(kind: type[PrismaError], outcome: str) -> None:
    assert outcome_of(kind("what happened")) == outcome


def test_every_outcome_is_that_of_an_error_or_of_a_plan() -> None:
    assert set(AccessOutcome) == {*EXPECTED.values(), "in_sync", "applied"}
