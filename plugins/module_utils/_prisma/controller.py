# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A printer's controller by the names of the manual: identity, ORS, proxy client, registration. Knows no page."""

from __future__ import annotations

import time
import typing as t
from collections.abc import Iterator
from dataclasses import dataclass

from .._decide.address import SHORTEST_CODE
from .._decide.ors import Ors
from .._decide.proxy import ProxyChange, ProxySettings, split_exceptions
from .._decide.registration import Registration, State
from .._decide.serial_number import LONGEST_SERIAL_NUMBER, is_serial_number, same_serial
from .._decide.text import printable
from .._web.errors import BadInput, NotReadBack, TransportError, UnexpectedPage, WrongDevice
from .._web.profile.profile import Profile, placeholders_of
from .._web.session.proof import Proof
from .._web.session.reading import Reading
from .._web.session.session import Session
from .connection import controller_account, controller_url, open_session, with_variable
from .serial_option import serial_of
from .task import Request


@dataclass(frozen=True)
class Application:
    """A cloud application as the controller switches it. ``key``: what the interface itself calls it."""

    id: str
    enabled: bool
    name: str = ""
    key: t.Any = None


class Controller:
    """One account on one controller. The first reading signs in.

    ``capabilities`` gets the registration addresses that are read: no result may show them.
    """

    def __init__(self, session: Session, declared_serial: str, capabilities: set[str]) -> None:
        self.session = session
        self._declared_serial = declared_serial
        self._capabilities = capabilities
        session.proof = Proof("identity", self._prove_again, frozenset({"serial"}))
        self._seen_serial = ""
        self._read_by_this_task = False

    @classmethod
    def of(cls, request: Request) -> Controller:
        """Return the controller that the options of ``request`` mean. No request is sent yet."""
        options = request.options
        for name in ("username", "password"):
            if not str(options[name]):
                raise BadInput(f"{with_variable('controller', name)} is empty")
        serial = serial_of(options)
        host, username, password = str(options["host"]), str(options["username"]), str(options["password"])
        domain = str(options.get("domain") or "").strip() or None
        if domain and "domain" not in placeholders_of(request.profile.sign_in.steps):
            raise BadInput(
                f"{with_variable('controller', 'domain')} is {domain!r}, but the sign-in of the profile "
                f"{request.profile.id} asks for none",
                advice="Remove printops_domain, or add ${domain} to sign_in in the profile.",
            )
        session = open_session(
            request,
            controller_url(options),
            account=controller_account(options),
            secret=password,
            variables={"host": host, "domain": domain, "username": username, "password": password},
        )
        return cls(session, serial, request.capabilities)

    @property
    def certificate(self) -> dict[str, str | None]:
        """The certificate seen at sign-in: its fingerprint and its end, None over plain HTTP."""
        facts = self.session.facts
        return {"sha256": facts.get("certificate_sha256"), "not_after": facts.get("certificate_ends")}

    def identity(self) -> dict[str, t.Any]:
        """Read serial number and kind, as the printer shows them.

        Raises :class:`WrongDevice` or :class:`UnexpectedPage` unless the serial number is the declared one, if any is.
        """
        values = dict(self.session.read("identity").values)
        self._read_by_this_task = True
        # One character too many says that it is none. The memory that tasks share has no room for a whole page.
        self.session.remember(serial=str(values["serial"])[: LONGEST_SERIAL_NUMBER + 1])
        self._seen_serial = str(self.session.facts["serial"])
        if self._declared_serial:
            self.serial_number()
        return values

    def prove_right_printer(self) -> None:
        """Raise unless the declared serial number, if any, was read here (once per session; once a task without one).

        Where none is declared, nothing is read, but what an earlier task has read must be a serial number.
        """
        self.session.open()
        if self._declared_serial or self.knows_serial:
            self.serial_number()
            if not self._read_by_this_task:
                self.prove_unchanged()

    def prove_unchanged(self) -> None:
        """Raise where another printer has got this address, as far as the serial number of the one before was read.

        Where the profile opens sessions, nothing is read: one that the other printer does not know would have ended.
        """
        if not self.session.profile.sign_in.opens_session:
            self._prove_again()

    def _prove_again(self) -> None:
        """Raise where another printer answers than before, as far as its serial number was read."""
        before = self._declared_serial or self._seen_serial
        if not before:
            return
        serial = str(self.identity()["serial"])
        if not same_serial(serial, before):
            raise WrongDevice(
                f"the serial number read is {serial!r}, and was {before!r} before",
                details={"serial": serial, "declared": before},
            )

    @property
    def knows_serial(self) -> bool:
        """Whether the serial number was read in this session."""
        return "serial" in self.session.facts

    def serial_number(self) -> str:
        """Return the serial number that was read in this session, or read it: the key of the printer elsewhere.

        Raises :class:`WrongDevice` if another is declared, :class:`UnexpectedPage` if what was read can be none.
        """
        if not self.knows_serial:
            self.identity()
        serial: str = self.session.facts["serial"]
        self._seen_serial = serial
        if not is_serial_number(serial):
            raise UnexpectedPage(
                f"what was read is no serial number: {printable(serial, LONGEST_SERIAL_NUMBER)!r}",
                advice="Check which device this is. If it is the right one, correct read.identity in the profile.",
            )
        if self._declared_serial and not same_serial(serial, self._declared_serial):
            raise WrongDevice(
                f"the serial number read is {serial!r}, declared is {self._declared_serial!r}",
                details={"serial": serial, "declared": self._declared_serial},
            )
        return serial

    def ors(self) -> Ors:
        """Read ORS as this account sees it (the answer can differ per user)."""
        reading = self.session.read("ors")
        found = Ors(
            reading.values["state"],
            reading.values["mode"],
            str(reading.raw.get("state") or ""),
            str(reading.raw.get("mode") or ""),
        )
        self.session.remember(ors_ready_at=time.monotonic() if found.ready else None)
        return found

    def ors_was_ready(self, max_age: float) -> bool:
        """Whether this account was shown that ORS is ready, at most so many seconds ago."""
        at = self.session.facts.get("ors_ready_at")
        return at is not None and time.monotonic() - at <= max_age

    def proxy(self) -> ProxySettings:
        """Read the proxy client."""
        return _proxy_settings(self.session.read("proxy"), self.session.profile)

    def set_proxy(self, change: ProxyChange) -> None:
        """Write the proxy client and read it back."""
        self.session.remember(ors_ready_at=None)  # what was read before says nothing of another proxy

        def done(reading: Reading) -> bool:
            return change.is_met_by(_proxy_settings(reading, self.session.profile))

        self.session.write("set_proxy", done, **change.inputs())

    def test_proxy(self) -> tuple[str, str]:
        """Have the printer test its connection; return ``passed``, ``failed`` or ``other``, and the text it shows."""
        values, _reading = self.session.write("test_proxy")
        return str(values["result"]), str(values.get("text") or "")

    @property
    def known_applications(self) -> frozenset[str] | None:
        """The ids that the profile has for applications; None if it leaves them as the interface shows them."""
        read = self.session.profile.reads.get("applications")
        values = read.fields["application"].values if read is not None else None
        return frozenset(values.values()) if values is not None else None

    def applications(self) -> dict[str, Application]:
        """Read the cloud applications that the controller itself switches, by id."""
        rows = self.session.read("applications").rows
        profile, key = self.session.profile, "read.applications.fields.enabled"
        return {
            str(row["application"]): Application(
                str(row["application"]),
                _is_on(row["enabled"], key, profile),
                str(row.get("name") or ""),
                row.get("key"),
            )
            for row in rows
        }

    def set_application(self, application: Application, enabled: bool) -> None:
        """Switch one application on or off and read it back."""

        def done(reading: Reading) -> bool:
            return any(str(row["application"]) == application.id and row["enabled"] is enabled for row in reading.rows)

        self.session.write("set_application", done, application=application.id, enabled=enabled, key=application.key)

    @property
    def hands_over(self) -> bool:
        """Whether the printer is registered by handing over to the cloud's own page."""
        return self.session.profile.registration_method == "hand_over"

    def registration(self, address: str | None = None, *, register_again: bool = False) -> Registration:
        """Read the registration page. ``address``: where a hand-over waits, which no controller shows.

        With ``register_again`` it may wait although the printer is registered.
        """
        return self._noted(self._registration(self.session.read("registration"), address, register_again))

    def _registration(self, reading: Reading, address: str | None = None, register_again: bool = False) -> Registration:
        # Whatever state it is: texts of the page may repeat an address that does not count.
        shown = str(reading.values.get("address") or "")
        if len(shown) >= SHORTEST_CODE:
            self._capabilities.add(shown)
        return _registration(reading, self.hands_over, address, register_again)

    def _noted(self, found: Registration) -> Registration:
        at = time.monotonic() if found.state is State.REQUESTED else None
        if at is not None or self.session.facts.get("requested_at") is not None:
            self.session.remember(requested_at=at)
        return found

    def address_was_being_made(self, max_age: float) -> bool:
        """Whether this account was shown, at most so many seconds ago, that the registration address is being made."""
        at = self.session.facts.get("requested_at")
        return at is not None and time.monotonic() - at <= max_age

    def hand_over(self) -> str:
        """Press [Register printer for cloud service] once; return where the cloud's own page lies."""
        try:
            given, _reading = self.session.write("register")
        except TransportError as error:
            if error.may_have_arrived:
                error.advice = "The address was lost with the answer. Run again: [Register] is then pressed again."
            raise
        return str(given["address"])

    def register(self) -> Registration:
        """Press [Register] once; return what the page then says. A lost answer is settled by reading back."""
        # A registered printer that is pressed again shows a new address, or its making.
        before = (State.UNREGISTERED, State.REGISTERED)
        return self._press("register", lambda found: found.state not in before)

    def unregister(self) -> Registration:
        """Undo the registration; return what the page then says."""
        return self._press("unregister", lambda found: found.state is State.UNREGISTERED)

    def _press(self, write: str, so: t.Callable[[Registration], bool]) -> Registration:
        _values, reading = self.session.write(write, lambda reading: so(self._registration(reading)))
        if reading is None:
            raise NotReadBack(f"the profile {self.session.profile.id} has nothing that proves {write!r}")
        return self._noted(self._registration(reading))


_PROXY_FIELDS = {"user": "user", "password": "password_set", "exceptions": "exceptions"}
"""What a proxy client may lack: what is written, and the field that shows it."""


def _lacking(reading: Reading, profile: Profile) -> Iterator[str]:
    """Yield what this proxy client has no field for: the profile does not write it, or the page does not show it.

    What is not read could not be kept, and would be cleared with each change. A password is never shown, and some
    interfaces do not even show whether there is one. domain.md, "Interfaces": no source names these fields.
    """
    write, read = profile.writes.get("set_proxy"), profile.reads["proxy"]
    written = placeholders_of(write.steps) if write is not None else set(_PROXY_FIELDS)
    for name, shown_by in _PROXY_FIELDS.items():
        never_shown = name == "password" and shown_by not in read.fields
        if name not in written or (reading.values.get(shown_by) is None and not never_shown):
            yield name


def _is_on(value: t.Any, key: str, profile: Profile) -> bool:
    """Return a value that is true or false. The texts "0" and "No" would both count as true."""
    if isinstance(value, bool):
        return value
    raise UnexpectedPage(
        f"the profile {profile.id} reads {value!r} where it must read true or false: {key}",
        advice=f"Compare the value in {key} of the profile, for example: (EXPRESSION) == 'Yes'.",
    )


def _proxy_settings(reading: Reading, profile: Profile) -> ProxySettings:
    values = reading.values
    return ProxySettings(
        enabled=_is_on(values["enabled"], "read.proxy.fields.enabled", profile),
        host=values["host"] or "",
        port=values["port"],
        user=values.get("user") or "",
        password_set=values["password_set"] in (True, "set") if "password_set" in values else None,
        exceptions=split_exceptions(values.get("exceptions")),
        lacking=frozenset(_lacking(reading, profile)),
    )


def _registration(
    reading: Reading, hands_over: bool, address: str | None = None, register_again: bool = False
) -> Registration:
    values = reading.values
    texts = {name: values.get(name) for name in ("text", "tenant", "service")}
    if hands_over:
        found = Registration.read_hand_over(values["state"], address=address, register_again=register_again, **texts)
    else:
        found = Registration.read(values["state"], address=values["address"], has_qr=bool(values["qr"]), **texts)
    if found is None:
        raise UnexpectedPage(
            f"the registration page shows a state that the profile does not know: {reading.raw.get('state')!r}",
            advice="Add the text to the values of read.registration.fields.state in the profile.",
        )
    return found
