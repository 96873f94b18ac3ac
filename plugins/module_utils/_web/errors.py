# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of this collection: what happened, where, and what a person should do next. Knows no HTTP library."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._decide.outcomes import ADVICE, UNKNOWN_HOST_ADVICE, Outcome

MAX_TEXT = 4000
"""Characters of a message or an advice; an interface may have put a page of its own into it."""


def shortened(text: str, most: int = MAX_TEXT) -> str:
    """Return ``text``, or its beginning if it has more than ``most`` characters."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"


MAX_DETAILS = 10_000
"""Characters of all texts in an error's details."""


def _bounded(value: t.Any, room: list[int]) -> t.Any:
    """Return plain data with its texts cut, and its later items left out, once ``room`` characters are used up."""
    if isinstance(value, Mapping):
        return {_bounded(key, room): _bounded(item, room) for key, item in value.items() if room[0] > 0}
    if isinstance(value, (list, tuple)):
        return [_bounded(item, room) for item in value if room[0] > 0]
    if isinstance(value, str):
        most, room[0] = max(0, room[0]), room[0] - len(value)
        return shortened(value, most)
    room[0] -= 1
    return value


class PrismaError(Exception):
    """What happened (``str(error)``), the outcome it stands for, and what a person should do next.

    ``details`` holds plain data for the result (a page's summary, a fingerprint); never a secret.
    ``may_have_arrived``: no answer was read, and the interface may have acted on the request, or on the one before it.
    """

    outcome: t.ClassVar[Outcome] = Outcome.FAILED

    def __init__(
        self,
        what: str,
        *,
        may_have_arrived: bool = False,
        advice: str | None = None,
        details: dict[str, t.Any] | None = None,
    ) -> None:
        super().__init__(shortened(what))
        self.may_have_arrived = may_have_arrived
        self.advice = advice or ADVICE[self.outcome]
        self.details = _bounded(details or {}, [MAX_DETAILS])


class BadInput(PrismaError):
    """An option, a file or a profile is not usable. Raised before any request is sent."""

    def __init__(self, what: str, *, advice: str = "Correct it and run again.", **details: t.Any) -> None:
        super().__init__(what, advice=advice, details=details)


class MissingLibrary(PrismaError):
    """A Python library is missing or too old."""


class CheckModeViolation(PrismaError):
    """A writing request was about to be sent in check mode. A defect of this collection, stopped in the transport."""


class ForbiddenRedirect(PrismaError):
    """The interface redirects to another host. Credentials are never sent there."""


class UnexpectedPage(PrismaError):
    """A page is not what the profile expects. ``details`` holds the page's summary, without values."""


class NoSuchRow(UnexpectedPage):
    """A list has no row, or several, with the values by which a profile chooses one. Nothing was sent for it."""


class NotReadBack(PrismaError):
    """A write was answered, but reading back does not show it."""


class TransportError(PrismaError):
    """The request or its answer failed on the way."""


class RunEnded(PrismaError):
    """The run is over, so no request is sent and no answer is awaited."""


class NotHttp(TransportError):
    """Something answers at this address, but not as HTTP."""

    def __init__(self, what: str) -> None:
        super().__init__(
            what,
            advice=(
                "The device is on and answers. Check the port, look at the address with a browser, and restart its "
                "web interface."
            ),
        )


class TlsHandshakeFailed(TransportError):
    """Something answers at this address, but no TLS connection could be negotiated. Nothing was sent there."""


class Unreachable(TransportError):
    """Refused or reset."""

    outcome = Outcome.UNREACHABLE


class UnknownHost(Unreachable):
    """The host name was not found, so no device was asked at all."""

    def __init__(self, what: str) -> None:
        super().__init__(what, advice=UNKNOWN_HOST_ADVICE)


class TimedOut(TransportError):
    """No answer in time, or the task's deadline has passed."""

    outcome = Outcome.TIMEOUT


class Busy(TransportError):
    """Too many requests, too many sessions, or somebody else is writing."""

    outcome = Outcome.BUSY


class UntrustedCertificate(PrismaError):
    """The certificate was not accepted. Nothing was sent there."""

    outcome = Outcome.UNTRUSTED_CERTIFICATE


class SignInRefused(PrismaError):
    """User name or password was refused."""

    outcome = Outcome.AUTH_FAILED


class SecondFactorDemanded(SignInRefused):
    """User name and password were accepted, and the page asks for a second factor. Never filled in."""


class AccountLocked(PrismaError):
    """The account is disabled after too many failed sign-ins."""

    outcome = Outcome.LOCKED


class PasswordChangeDemanded(PrismaError):
    """The sign-in landed on a forced change of password. Never filled in."""

    outcome = Outcome.PASSWORD_CHANGE


class NotTried(PrismaError):
    """Other printers refused the same credential, so this one was not asked."""

    outcome = Outcome.NOT_TRIED


class RightMissing(PrismaError):
    """The account in use lacks a right that the operation needs."""


class Unsupported(PrismaError):
    """The profile lacks the operation, or does not recognise the interface."""

    outcome = Outcome.UNSUPPORTED


class WrongDevice(PrismaError):
    """The serial number read is not the one declared."""

    outcome = Outcome.WRONG_DEVICE


class OrsNotReady(PrismaError):
    """ORS is not connected or its mode is not enabled."""

    outcome = Outcome.ORS_NOT_READY


class ProxyWrong(PrismaError):
    """The connection through the proxy client failed its test."""

    outcome = Outcome.PROXY_WRONG


class LicenceRefused(PrismaError):
    """Enabling an application would use a licence that is not left, or one for good without consent."""


class OwnedByOther(PrismaError):
    """The printer belongs to another tenant."""

    outcome = Outcome.OWNED_BY_OTHER


class RegistrationFailed(PrismaError):
    """The printer shows an error text, or no QR code, in the registration address's place."""


class GuardrailRefused(PrismaError):
    """A guardrail refuses the plan for a site's people. Nothing was changed."""


class PartlyApplied(PrismaError):
    """Some of a plan for a site's people was done, and some was not, or it is not proven."""


class AllHeldBack(PrismaError):
    """All that is left of a plan for people is held back. Nothing was changed."""


class UnplannedChange(PrismaError):
    """Somebody is gone from a list of a site or a tenant, or is new there, whom the plan of this run did not move."""
