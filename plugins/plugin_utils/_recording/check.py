# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks a profile against a recording, writes included, or against a live interface, where it only reads.

``replay`` answers from the recording; ``check_report`` describes the result.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from ...module_utils._web.errors import BadInput, PrismaError
from ...module_utils._web.http.client import ClientOptions, make_client
from ...module_utils._web.page.address import split_address
from ...module_utils._web.profile.expression import OTHER
from ...module_utils._web.profile.profile import Profile, ProfileStep, placeholders_of
from ...module_utils._web.session.methods import SessionFile
from ...module_utils._web.session.navigator import Navigator
from ...module_utils._web.session.reading import Reading
from ...module_utils._web.session.session import Session
from ...module_utils._web.session.session_ended import SessionEnded
from ...module_utils._web.session.session_file import StoredSession
from ...module_utils._web.session.store import TaskStore
from .check_report import CheckReport, OperationCheck, inspect_page, redacted
from .check_steps import (
    RecordedSignIn,
    base_url_of,
    follow_steps,
    match_step,
    occurrences,
    row_inputs,
    sign_ins_of,
)
from .exchange import Recording, same_interface
from .hints import SWITCH_TEXTS, meaning_of
from .replay import ReplayTransport

MAX_STATES = 50
"""The most states of one page that are read. A page that reloads itself may be recorded hundreds of times."""

_SECRET_INPUTS = frozenset({"password", "client_secret", "address"})


class WatchedSession(Session):
    """A session that keeps the navigator of each operation, so that a check can inspect the page where it ended."""

    def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(*args, **kwargs)
        self.navigators: dict[str, Navigator] = {}
        self.replay: ReplayTransport | None = None

    def _navigator(self, operation: str, *args: t.Any, **kwargs: t.Any) -> Navigator:
        navigator = super()._navigator(operation, *args, **kwargs)
        self.navigators[operation] = navigator
        return navigator

    def known_variables(self) -> set[str]:
        """Return the placeholders that can be filled: the session's variables and the values that the sign-in kept."""
        return {*self._variables, *self.state.kept}


def check_profile(
    profile: Profile,
    *,
    recording: Recording | None = None,
    session: WatchedSession | None = None,
    only: frozenset[str] | None = None,
    states: int = MAX_STATES,
) -> CheckReport:
    """Check ``profile`` against ``recording``, or against the live interface of ``session``.

    ``only`` names the operations to check (``read.ors``), by default all; ``states`` is the most states of a page that
    are read. On a live interface nothing is written, and
    ``session`` is signed out at the end. The report contains every mismatch; :class:`BadInput` is raised only for a
    recording of another interface.
    """
    if recording is not None and session is None:
        return _RecordingCheck(profile, recording, only, states).run()
    if session is not None and recording is None:
        return _check_live(profile, session)
    raise BadInput("a profile is checked either against a recording or against a live interface")


def _report(profile: Profile, checked_against: str) -> CheckReport:
    return CheckReport(
        profile.id, profile.interface, checked_against, profile.evidence["kind"], match_enough=profile.match.enough
    )


def _redacted_reading(profile: Profile, reading: Reading, rows: bool) -> t.Any:
    if rows:
        return {"rows": [redacted("", dict(row), profile.redact) for row in reading.rows], "total": reading.total}
    return {name: redacted(name, value, profile.redact) for name, value in reading.values.items()}


def _run(result: OperationCheck, action: Callable[[], t.Any]) -> t.Any:
    """Return the result of ``action``. If it fails, add the failure to ``result`` and return None."""
    try:
        return action()
    except PrismaError as error:
        result.fail(error.outcome.value, str(error))
        if error.details.get("path") is not None and result.page is None:
            result.page = {"path": error.details["path"], **dict(error.details.get("page") or {})}
    except SessionEnded:
        result.fail("failed", "the interface ended the session right after the sign-in")
    return None


def _inspect_last_page(profile: Profile, name: str, result: OperationCheck, session: WatchedSession) -> None:
    navigator = session.navigators.get(name)
    part, _dot, short = name.partition(".")
    operation = profile.reads[short] if part == "read" else profile.writes[short]
    if navigator is not None and navigator.page is not None:
        inspect_page(operation, profile.source[part][short], navigator.page, result)
        for field_name, text in result.unknown_texts.items():
            result.fail("failed", f"the values of the field {field_name!r} do not contain the text {text!r}")


def _sign_in(report: CheckReport, session: WatchedSession) -> bool:
    result = report.operations["sign_in"] = OperationCheck("sign_in", covered=True, evidence=report.evidence)
    _run(result, session.open)
    report.match_score = session.facts.get("match_score")
    return result.ok


# --- live ---


def _check_live(profile: Profile, session: WatchedSession) -> CheckReport:
    report = _report(profile, "live")
    try:
        if not _sign_in(report, session):
            return report
        for name, operation in profile.reads.items():
            result = report.operations[f"read.{name}"] = OperationCheck(f"read.{name}")
            unknown = placeholders_of(operation.steps) - set(session.known_variables())
            unknown -= {kept for step in operation.steps for kept in step.kept}
            if unknown:
                result.problem = f"not read: there is no value for {', '.join(sorted(unknown))}"
                continue
            result.covered = True
            result.evidence = operation.evidence
            reading = _run(result, partial(session.read, name))
            if reading is not None:
                result.readings.append(_redacted_reading(profile, reading, operation.rows is not None))
            _inspect_last_page(profile, f"read.{name}", result, session)
        for name in profile.writes:
            report.operations[f"write.{name}"] = OperationCheck(
                f"write.{name}", problem="not run: live checks only read"
            )
    finally:
        out = report.operations["sign_out"] = OperationCheck("sign_out", covered=True, evidence=report.evidence)
        _run(out, session.sign_out)
    return report


# --- against a recording ---


@dataclass
class _RecordingCheck:
    """Checks one profile against one recording. Each operation is replayed in a session of its own."""

    profile: Profile
    recording: Recording
    only: frozenset[str] | None = None
    states: int = MAX_STATES
    base_url: str = ""
    account: dict[str, t.Any] = field(default_factory=dict)
    sign_ins: list[RecordedSignIn] = field(default_factory=list)
    signed_in: RecordedSignIn = field(default_factory=lambda: RecordedSignIn({}, 0, 0))

    def run(self) -> CheckReport:
        profile, exchanges = self.profile, self.recording.exchanges
        self.base_url = base_url_of(profile, exchanges)
        self.sign_ins = sign_ins_of(profile, exchanges, self.base_url)
        learned = self._learn_from_reads()
        report = _report(profile, "recording")
        for sign_in in self.sign_ins:  # of several, the one that succeeds
            self.signed_in = sign_in
            self.account = {**learned, **sign_in.given}
            if _sign_in(report, self._session(0)):
                break
        report.notes += list(self.recording.notes)
        if not report.operations["sign_in"].ok:
            return report
        checks: list[tuple[str, Callable[[], OperationCheck]]] = [
            *((f"read.{name}", partial(self._read, name)) for name in profile.reads),
            *((f"write.{name}", partial(self._write, name)) for name in profile.writes),
            ("sign_out", partial(self._sign_out, report)),
        ]
        for name, run_check in checks:
            if self.only is None or name in self.only:
                report.operations[name] = run_check()
        return report

    def _learn_from_reads(self) -> dict[str, t.Any]:
        """Return values that no form asks for, such as the tenant's id, from the addresses of the recorded reads."""
        learned: dict[str, t.Any] = {}
        for read in self.profile.reads.values():
            learned = {**follow_steps(read.steps, self.recording.exchanges, self.base_url)[0], **learned}
        return learned

    def _session(self, at: int) -> WatchedSession:
        """Return a session that replays the sign-in and then the exchanges from index ``at`` on.

        Other attempts to sign in before it are left out with their pages: they would answer in its place. A page that
        is nowhere else is kept, as a refusal may lead to another address of the form.
        """
        exchanges, own = self.recording.exchanges, self.signed_in
        tried = {index for each in self.sign_ins if each.begin < own.begin for index in range(each.begin, each.after)}
        before = {each.url for index, each in enumerate(exchanges[: own.begin]) if index not in tried}
        other = {
            index
            for index in tried
            if exchanges[index].method != "GET" or exchanges[index].status != 200 or exchanges[index].url in before
        }
        kept = [each for index, each in enumerate(exchanges[: own.after]) if index not in other]
        cut = replace(self.recording, exchanges=[*kept, *exchanges[max(at, own.after) :]])
        sent = [exchanges[each.begin] for each in self.sign_ins if each.sends_password]
        elsewhere = any(not same_interface(each.url, self.base_url) for each in sent)
        hosts = {split_address(each.url).netloc for each in kept if not same_interface(each.url, self.base_url)}
        hosts = hosts if elsewhere else set()
        numbers = [each.number for each in sent]
        transport = ReplayTransport(cut, self.base_url, sign_ins=numbers, hosts=hosts)
        variables = dict.fromkeys(self._variables(), "unknown") | self.account
        client = make_client(
            ClientOptions(base_url=self.base_url, transport=transport, retries=0, sign_in_hosts=frozenset(hosts))
        )
        # Of a session that was there before, the recording has the requests and no sign-in. Its token does not matter.
        was_there = self.profile.sign_in.method == "session"
        session = WatchedSession(
            client,
            self.profile,
            key="check",
            account="recorded",
            variables=variables,
            store=TaskStore(),
            method=SessionFile(StoredSession((), "recorded", None), "") if was_there else None,
        )
        session.replay = transport
        return session

    @property
    def _since(self) -> int:
        """The index from which on operations may begin: also at a page to which the sign-in redirected."""
        return self.signed_in.begin + self.signed_in.sends_password

    def _variables(self) -> set[str]:
        steps = (*self.profile.match.steps, *self.profile.sign_in.steps, *self.profile.sign_out)
        always = {"host", "username", "password", "tenant", "client_id", "client_secret"}
        return placeholders_of(steps) | always

    def _read(self, name: str) -> OperationCheck:
        operation = self.profile.reads[name]
        result = OperationCheck(f"read.{name}")
        starts = list(occurrences(operation.steps, self.recording.exchanges, self.base_url, self._since))
        for at in starts[: self.states]:
            session = self._session(at)
            result.covered, result.exchange = True, self.recording.exchanges[at].number
            inputs = match_step(operation.steps[0], self.recording.exchanges[at], self.base_url) or {}
            inputs = {key: value for key, value in inputs.items() if key not in self.account}
            before = replace(result)
            reading = _run(result, partial(session.read, name, **inputs))
            if reading is None and result.readings and operation.rows is not None and _lacks_pages(session):
                result = before  # after a change, a person looks at the first page only
                continue
            if reading is not None:
                reading_shown = _redacted_reading(self.profile, reading, operation.rows is not None)
                if not result.readings or result.readings[-1] != reading_shown:
                    result.readings.append(reading_shown)
            _inspect_last_page(self.profile, result.name, result, session)
            if not result.ok:
                break
        result.problem = result.problem if result.covered else self._lacks(operation.steps)
        result.evidence = operation.evidence if result.covered else result.evidence
        return result

    def _lacks(self, steps: Sequence[ProfileStep], what: str = "") -> str:
        """Return what the recording lacks of an operation."""
        first = f"{steps[0].method} {steps[0].target or '(the first page)'}" if steps else "no request"
        return f"not in the recording: there is {what or f'no {first} after the sign-in'}"

    def _write(self, name: str) -> OperationCheck:
        """Replay the write from every exchange where it may begin, until it succeeds once.

        If the page there has no such form, another operation began at that exchange.
        """
        operation = self.profile.writes[name]
        best = OperationCheck(f"write.{name}", problem=self._lacks(operation.steps))
        exchanges = self.recording.exchanges
        for at in occurrences(operation.steps, exchanges, self.base_url, self._since):
            result = OperationCheck(f"write.{name}", covered=True, exchange=exchanges[at].number)
            given, after = follow_steps(operation.steps, exchanges[at:], self.base_url)
            read_back = self.profile.reads[operation.verify].steps if operation.verify is not None else ()
            given = {**follow_steps(read_back, exchanges[at + after :], self.base_url)[0], **given}
            given |= row_inputs(operation.steps, exchanges[at:], self.base_url)
            wanted = placeholders_of((*operation.steps, *read_back))
            inputs = {key: given.get(key) for key in wanted if key in given or key not in self.account}
            session = self._session(at)
            done = _run(result, partial(session.write, name, _accept_any_reading, **inputs))
            if done is not None:
                self._compare_read_back(name, inputs, done, result)
                result.evidence = operation.evidence
                return result
            navigator = session.navigators.get(f"write.{name}")
            if read_back and navigator is not None and navigator.write_answered and _lacks_pages(session):
                done_so_far = {"given": {}, "read_back": "the recording does not show it to its last page"}
                return replace(best, covered=True, problem=None, exchange=result.exchange, readings=[done_so_far])
            if not best.covered or (navigator is not None and navigator.wrote):
                best = result
        if best.covered and not self._may_be_recorded(name):
            return OperationCheck(
                f"write.{name}", problem=self._lacks((), "its page, but no request that changes something")
            )
        return best

    def _may_be_recorded(self, name: str) -> bool:
        """Whether the recording has a request that can be the writing step of ``name``."""
        steps = [step for step in self.profile.writes[name].steps if step.writes]
        return any(
            match_step(step, exchange, self.base_url) is not None and exchange.method != "GET"
            for step in steps
            for exchange in self.recording.exchanges[self._since :]
        )

    def _compare_read_back(
        self,
        name: str,
        inputs: Mapping[str, t.Any],
        done: tuple[Mapping[str, t.Any], Reading | None],
        result: OperationCheck,
    ) -> None:
        """Add to ``result`` what the write returned and read back, and a failure for each value that differs."""
        given, reading = done
        operation = self.profile.writes[name]
        reading_shown: dict[str, t.Any] = {
            "given": {key: redacted(key, value, self.profile.redact) for key, value in given.items()}
        }
        for key, value in given.items():
            if value == OTHER and operation.fields[key].values is not None:
                result.fail("failed", f"the values of the field {key!r} do not contain the text of the page")
        if reading is not None and operation.verify is not None:
            rows = self.profile.reads[operation.verify].rows is not None
            reading_shown["read_back"] = _redacted_reading(self.profile, reading, rows)
            if not rows:
                for key in sorted(set(inputs) & set(reading.values) - _SECRET_INPUTS):
                    if not _shows_value(inputs[key], reading.values[key]):
                        problem = f"{key} was written as {inputs[key]!r} and read back as {reading.values[key]!r}"
                        result.fail("failed", problem)
        result.readings.append(reading_shown)

    def _sign_out(self, report: CheckReport) -> OperationCheck:
        result = OperationCheck("sign_out", evidence=report.evidence)
        if not self.profile.sign_out:
            return result
        starts = occurrences(self.profile.sign_out, self.recording.exchanges, self.base_url, self._since)
        if next(starts, None) is None:
            result.problem = self._lacks(self.profile.sign_out)
            return result
        result.covered = True
        session = self._session(0)
        session.open()
        _run(result, session.sign_out)
        return result


def _lacks_pages(session: WatchedSession) -> bool:
    return session.replay is not None and session.replay.lacks_pages


def _accept_any_reading(_reading: Reading) -> bool:
    """Accept any reading as proof of a write: ``_compare_read_back`` compares it, and reports both values."""
    return True


def _shows_value(written: t.Any, read: t.Any) -> bool:
    """Whether the page shows the written value: 8080 equals "8080", and the value of a check box equals true."""
    if isinstance(read, bool):  # a box that is off may be sent by a hidden twin
        return (bool(written) and meaning_of(written, SWITCH_TEXTS) != "false") == read
    if isinstance(written, (list, tuple)):
        return all(str(part) in str(read or "") for part in written)
    return str(written if written is not None else "") == str(read if read is not None else "")
