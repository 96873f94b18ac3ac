# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds a profile against a recording, writes and their read-back included, or against a live interface, reading only.

Knows sessions and profiles; what a recording answers is for ``replay``, what a check says for ``check_report``.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from ...module_utils._web.errors import BadInput, PrismaError
from ...module_utils._web.http.client import ClientOptions, make_client
from ...module_utils._web.profile.expression import OTHER
from ...module_utils._web.profile.profile import EVIDENCE, Profile, Read, Write, placeholders_of
from ...module_utils._web.session.navigator import Navigator, SessionEnded
from ...module_utils._web.session.reading import Reading
from ...module_utils._web.session.session import Session
from ...module_utils._web.session.store import TaskStore
from .check_places import account_of, base_url_of, occurrences, taken_at, typed
from .check_report import CheckReport, OperationCheck, look, shown
from .exchange import RecordedExchange, Recording
from .replay import ReplayTransport

MOST_STATES = 50
"""States of one page that are read: a recording of a page that reloads itself for an hour has no more to say."""

_SECRET_INPUTS = frozenset({"password", "client_secret", "address"})


class WatchedSession(Session):
    """A session that remembers its walks, so that a check can look at the page where one ended."""

    def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(*args, **kwargs)
        self.walks: dict[str, Navigator] = {}

    def _navigator(self, operation: str, *args: t.Any, **kwargs: t.Any) -> Navigator:
        walk = super()._navigator(operation, *args, **kwargs)
        self.walks[operation] = walk
        return walk

    def known_variables(self) -> set[str]:
        """Return the names that fill placeholders: what was given, and what the sign-in kept."""
        return {*self._variables, *self.state.kept}


def check(
    profile: Profile,
    *,
    recording: Recording | None = None,
    session: WatchedSession | None = None,
    only: frozenset[str] | None = None,
) -> CheckReport:
    """Hold ``profile`` against ``recording``, or against the live interface of ``session``, which is signed out after.

    ``only`` names the operations to look at (``read.ors``), all if None. Nothing is ever written to a live interface.
    Raises :class:`BadInput` only where the recording is of something else; what does not fit stands in the report.
    """
    if (recording is None) == (session is None):
        raise BadInput("a profile is checked against a recording or live: one of the two")
    if recording is not None:
        return _Replayed(profile, recording, only).check()
    if session is None:
        raise BadInput("there is nothing to check against")
    return _check_live(profile, session)


def _report(profile: Profile, way: str) -> CheckReport:
    return CheckReport(profile.id, profile.interface, way, profile.evidence["kind"], match_enough=profile.match.enough)


def _evidence(operation: Read | Write, covered: bool) -> str:
    """What an operation rests on: what the profile says of it if it was seen here, the simulator alone if not."""
    return operation.evidence if covered else EVIDENCE[0]


def _shown_reading(profile: Profile, reading: Reading, rows: bool) -> t.Any:
    if rows:
        return {"rows": [shown("", dict(row), profile.redact) for row in reading.rows], "total": reading.total}
    return {name: shown(name, value, profile.redact) for name, value in reading.values.items()}


def _try(into: OperationCheck, work: Callable[[], t.Any]) -> t.Any:
    """Do ``work`` and note why it did not go well; None then."""
    try:
        return work()
    except PrismaError as error:
        into.fail(error.outcome.value, str(error))
        if error.details.get("path") is not None and into.page is None:
            into.page = {"path": error.details["path"], **dict(error.details.get("page") or {})}
    except SessionEnded:
        into.fail("failed", "the session ends as soon as it begins")
    return None


def _look_where_it_ended(profile: Profile, name: str, into: OperationCheck, session: WatchedSession) -> None:
    walk = session.walks.get(name)
    part, _dot, short = name.partition(".")
    operation = profile.reads[short] if part == "read" else profile.writes[short]
    if walk is not None and walk.page is not None:
        look(operation, profile.source[part][short], walk.page, into)
        for field_name, text in into.unknown_texts.items():
            into.fail("failed", f"no value of the profile's field {field_name!r} knows the text {text!r}")


def _sign_in(report: CheckReport, session: WatchedSession) -> bool:
    into = report.operations["sign_in"] = OperationCheck("sign_in", covered=True, evidence=report.evidence)

    def work() -> bool:
        session.open()
        return True

    signed_in = bool(_try(into, work))
    report.match_score = session.facts.get("match_score")
    return signed_in


# --- live ---


def _check_live(profile: Profile, session: WatchedSession) -> CheckReport:
    report = _report(profile, "live")
    try:
        if not _sign_in(report, session):
            return report
        for name, operation in profile.reads.items():
            into = report.operations[f"read.{name}"] = OperationCheck(f"read.{name}")
            unknown = placeholders_of(operation.steps) - set(session.known_variables())
            unknown -= {kept for step in operation.steps for kept in step.kept}
            if unknown:
                into.problem = f"not read: nothing says what {', '.join(sorted(unknown))} is"
                continue
            into.covered = True
            into.evidence = _evidence(operation, True)
            reading = _try(into, partial(session.read, name))
            if reading is not None:
                into.readings.append(_shown_reading(profile, reading, operation.rows is not None))
            _look_where_it_ended(profile, f"read.{name}", into, session)
        for name in profile.writes:
            report.operations[f"write.{name}"] = OperationCheck(f"write.{name}", problem="not tried: live, only reads")
    finally:
        out = report.operations["sign_out"] = OperationCheck("sign_out", covered=True, evidence=report.evidence)
        _try(out, session.sign_out)
    return report


# --- against a recording ---


@dataclass
class _Replayed:
    profile: Profile
    recording: Recording
    only: frozenset[str] | None = None
    base_url: str = ""
    account: dict[str, t.Any] = field(default_factory=dict)
    signed_in_at: int = 0

    def check(self) -> CheckReport:
        profile, exchanges = self.profile, self.recording.exchanges
        self.base_url = base_url_of(profile, exchanges)
        self.account, self.signed_in_at = account_of(profile, exchanges, self.base_url)
        report = _report(profile, "recording")
        report.notes += list(self.recording.notes)
        self._learn_from_reads()
        session = self._session(self.signed_in_at)
        if not _sign_in(report, session):
            return report
        todo: list[tuple[str, Callable[[], OperationCheck]]] = [
            *((f"read.{name}", partial(self._read, name)) for name in profile.reads),
            *((f"write.{name}", partial(self._write, name)) for name in profile.writes),
            ("sign_out", partial(self._sign_out, report)),
        ]
        for name, look_at in todo:
            if self.only is None or name in self.only:
                report.operations[name] = look_at()
        return report

    def _learn_from_reads(self) -> None:
        """What every request names and no form asked for (the tenant) stands in the addresses that were read."""
        for read in self.profile.reads.values():
            given, _at = typed(read.steps, self.recording.exchanges, self.base_url)
            for name, value in given.items():
                self.account.setdefault(name, value)

    def _session(self, at: int) -> WatchedSession:
        """A session whose recording is the sign-in, and then what follows from ``at`` on."""
        kept: Sequence[RecordedExchange] = self.recording.exchanges[: self.signed_in_at]
        cut = replace(self.recording, exchanges=[*kept, *self.recording.exchanges[max(at, self.signed_in_at) :]])
        variables = dict.fromkeys(self._variables(), "unknown") | self.account
        client = make_client(
            ClientOptions(base_url=self.base_url, transport=ReplayTransport(cut, self.base_url), retries=0)
        )
        return WatchedSession(
            client, self.profile, key="check", account="recorded", variables=variables, store=TaskStore()
        )

    def _variables(self) -> set[str]:
        steps = (*self.profile.match.steps, *self.profile.sign_in.steps, *self.profile.sign_out)
        always = {"host", "username", "password", "tenant", "client_id", "client_secret"}
        return placeholders_of(steps) | always

    def _read(self, name: str) -> OperationCheck:
        operation = self.profile.reads[name]
        into = OperationCheck(f"read.{name}")
        places = list(occurrences(operation.steps, self.recording.exchanges, self.base_url, self.signed_in_at))
        for at in places[:MOST_STATES]:
            session = self._session(at)
            into.covered, into.exchange = True, self.recording.exchanges[at].number
            inputs = taken_at(operation.steps[0], self.recording.exchanges[at], self.base_url) or {}
            inputs = {key: value for key, value in inputs.items() if key not in self.account}
            reading = _try(into, partial(session.read, name, **inputs))
            if reading is not None:
                seen = _shown_reading(self.profile, reading, operation.rows is not None)
                if not into.readings or into.readings[-1] != seen:
                    into.readings.append(seen)
            _look_where_it_ended(self.profile, into.name, into, session)
            if not into.ok:
                break
        into.evidence = _evidence(operation, into.covered)
        return into

    def _write(self, name: str) -> OperationCheck:
        """Try the write wherever it can have begun; where the page has no such form it was another one that began."""
        operation = self.profile.writes[name]
        best = OperationCheck(f"write.{name}")
        exchanges = self.recording.exchanges
        for at in occurrences(operation.steps, exchanges, self.base_url, self.signed_in_at):
            into = OperationCheck(f"write.{name}", covered=True, exchange=exchanges[at].number)
            given, _after = typed(operation.steps, exchanges[at:], self.base_url)
            wanted = placeholders_of(operation.steps)
            inputs = {key: given.get(key) for key in wanted if key in given or key not in self.account}
            session = self._session(at)
            done = _try(into, partial(session.write, name, _any_reading, **inputs))
            if done is not None:
                self._prove(name, inputs, done, into)
                into.evidence = _evidence(operation, True)
                return into
            walk = session.walks.get(f"write.{name}")
            if not best.covered or (walk is not None and walk.wrote):
                best = into
        if best.covered and not self._was_recorded(name):
            return OperationCheck(f"write.{name}")
        return best

    def _was_recorded(self, name: str) -> bool:
        """Whether a request of the recording can have been the one that writes; a form without fields can be any."""
        steps = [step for step in self.profile.writes[name].steps if step.writes]
        return any(
            taken_at(step, exchange, self.base_url) is not None and exchange.method != "GET"
            for step in steps
            for exchange in self.recording.exchanges[self.signed_in_at :]
        )

    def _prove(
        self,
        name: str,
        inputs: Mapping[str, t.Any],
        done: tuple[Mapping[str, t.Any], Reading | None],
        into: OperationCheck,
    ) -> None:
        given, reading = done
        operation = self.profile.writes[name]
        seen: dict[str, t.Any] = {
            "given": {key: shown(key, value, self.profile.redact) for key, value in given.items()}
        }
        for key, value in given.items():
            if value == OTHER and operation.fields[key].values is not None:
                into.fail("failed", f"no value of the profile's field {key!r} knows the text of the page")
        if reading is not None and operation.verify is not None:
            rows = self.profile.reads[operation.verify].rows is not None
            seen["read_back"] = _shown_reading(self.profile, reading, rows)
            if not rows:
                for key in sorted(set(inputs) & set(reading.values) - _SECRET_INPUTS):
                    if not _same(inputs[key], reading.values[key]):
                        into.fail("failed", f"written was {key} {inputs[key]!r}, read back {reading.values[key]!r}")
        into.readings.append(seen)

    def _sign_out(self, report: CheckReport) -> OperationCheck:
        into = OperationCheck("sign_out", evidence=report.evidence)
        if not self.profile.sign_out:
            return into
        places = occurrences(self.profile.sign_out, self.recording.exchanges, self.base_url, self.signed_in_at)
        if next(places, None) is None:
            return into
        into.covered = True
        session = self._session(self.signed_in_at)
        session.open()
        _try(into, session.sign_out)
        return into


def _any_reading(_reading: Reading) -> bool:
    """What was written is compared afterwards, to tell both."""
    return True


def _same(written: t.Any, read: t.Any) -> bool:
    """Whether a page shows what was typed: 8080 and "8080" are the same, as are a check box's value and true."""
    if isinstance(read, bool):
        return bool(written) == read
    if isinstance(written, (list, tuple)):
        return all(str(part) in str(read or "") for part in written)
    return str(written if written is not None else "") == str(read if read is not None else "")
