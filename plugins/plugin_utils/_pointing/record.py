# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records an interface with a person who points at things, and makes a proven profile of it. Knows no interface.

The profile comes from the same draft as one from a HAR, without a file in between. Passwords are kept in memory, for
the proof only.
"""

from __future__ import annotations

import datetime
import os
import posixpath
import time
import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from ...module_utils._prisma.address_files import check_place, write_private
from ...module_utils._web.errors import PrismaError
from ...module_utils._web.libraries import yaml
from ...module_utils._web.redaction import redacted
from .._profiles import find_profile
from .._recording.check import check_profile
from .._recording.draft.files import DraftOptions, draft_to_files, read_decisions
from .._recording.draft.history import read_history
from .._recording.draft.input_names import own_input
from .._recording.draft.session import RecordedSession
from .._recording.exchange import Recording
from .._recording.har import as_read, read_har
from .browser import RecorderWindows, open_browser
from .capture import Capture
from .decisions import Decider, allowed_inputs, registration_method
from .guide import Guide
from .http_sign_in import HttpSignIn
from .proof import own_address, prove_live
from .script import ScriptedPerson, read_script
from .sign_in import account_of, shown_session
from .tasks import panel_text

_VARIABLES = {
    "controller": "printops_profile",
    "tenant": "printops_tenant_profile",
    "site": "printops_site_profile",
}
"""The variable that names the profile of an interface."""


@dataclass(frozen=True)
class RecorderOptions:
    """The options of the module ``profile_record``. Paths are absolute."""

    url: str
    interface: str
    id: str
    profile: str
    title: str | None = None
    fixture: str | None = None
    expected: str | None = None
    decisions: str | None = None
    evidence: Mapping[str, t.Any] | None = None
    language: str = "en"
    person: str = ""
    wait_timeout: float = 3600
    browser: str | None = None
    browser_arguments: list[str] = field(default_factory=list)
    clicks: str | None = None
    force: bool = False
    known: Mapping[str, t.Any] = field(default_factory=dict)
    connection: Mapping[str, t.Any] = field(default_factory=dict)
    """How the proof reaches the interface (ca_path, validate_certs, tls_fingerprint, http_proxy, timeout), and whether
    the browser verifies certificates (browser_validate_certs)."""


def record_profile(options: RecorderOptions, *, clock: Callable[[], float] = time.monotonic) -> dict[str, t.Any]:
    """Open the browser, lead the person through the tasks, and write the profile. Return the task's result.

    Raises :class:`BadInput`, :class:`MissingLibrary`, :class:`TimedOut`, and what the draft raises.
    """
    for name in ("profile", "fixture", "expected", "decisions"):
        if getattr(options, name):
            check_place(getattr(options, name), name)
    script = read_script(options.clicks) if options.clicks else None
    with open_browser(
        "Or record with the developer tools of any browser (profile_draft).",
        browser=options.browser,
        arguments=options.browser_arguments,
        headless=script is not None,
        http_proxy=options.connection.get("http_proxy"),
    ) as (browser, failed):
        return _record(options, browser, failed, script, clock)


def _record(
    options: RecorderOptions,
    browser: t.Any,
    failed: type[Exception],
    script: list[dict[str, t.Any]] | None,
    clock: Callable[[], float],
) -> dict[str, t.Any]:
    capture = Capture(failed)
    guide = Guide(options.interface, capture, options.language, options.person)
    windows = RecorderWindows(browser, failed, guide, capture, clock, clock() + options.wait_timeout)
    windows.http, windows.language = HttpSignIn(capture), options.language
    windows.open(
        options.url, validate_certs=bool(options.connection.get("browser_validate_certs", True)), locale="en-US"
    )
    if script is not None:
        before = next((at for at, each in enumerate(script) if each.get("press") == "finish"), len(script))
        ScriptedPerson(windows, script[:before]).perform()
        guide.press("finish")
    windows.run(lambda: guide.finishing)
    windows.settle()
    guide.report = [panel_text("working", options.language)]
    windows.show()
    try:
        result = Finisher(options, windows, guide).finish()
    except PrismaError as error:
        guide.report = [str(error)]
        windows.show()
        if script is None:
            windows.run(lambda: guide.closed)
        raise
    guide.report = report_lines(result, options.language)
    windows.show()
    if script is not None:
        ScriptedPerson(windows, script[before + 1 :]).perform()
    else:
        windows.run(lambda: guide.closed)
    return result


@dataclass
class Finisher:
    """Makes profile, fixture, expected reading and proof of a finished recording."""

    options: RecorderOptions
    windows: RecorderWindows
    guide: Guide

    def finish(self) -> dict[str, t.Any]:
        """Return the task's result."""
        options, guide, capture = self.options, self.guide, self.windows.capture
        recording = capture.recording()
        history = read_history(recording)
        base = posixpath.commonpath([urlsplit(own_address(options.url)).path, history.base]).rstrip("/") + "/"
        history = read_history(recording, base) if base != history.base else history
        decider = Decider(guide, capture, history, self.ask)
        decisions = {**decider.decisions(), **self._head()}
        if options.decisions and Path(options.decisions).exists():
            decisions |= read_decisions(options.decisions)
        recording = as_read(recording)
        drafting = DraftOptions(
            recording,
            options.interface,
            options.id,
            title=options.title,
            base_path=base,
            decisions=decisions,
            profile=options.profile,
            fixture=options.fixture,
            known=self.known(),
            force=options.force,
            shown=shown_session(self.guide, self.windows.capture),
            lenient=True,
        )
        drafted = draft_to_files(drafting, check_mode=False)
        result = {
            **{
                name: drafted[name]
                for name in ("changed", "complete", "open", "operations", "replaced", "not_replaced", "base_path")
            },
            "left_out": [*drafted["left_out"], *dict.fromkeys(decider.notes)],
            "profile_file": options.profile,
            "fixture": drafted["fixture_file"],
            "clicks": guide.clicks,
            "questions": guide.asked,
            "skipped_tasks": [key for key, each in guide.results.items() if each.skipped],
            "replay": [],
            "live": [],
            "proven": False,
        }
        if drafted["complete"]:
            result |= self._prove(result["fixture"], recording, base, decider.session)
        result["next_steps"] = next_steps(options, result)
        cleaned: dict[str, t.Any] = redacted(result, {each for each in capture.passwords() if len(each) >= 4})
        return cleaned

    def _head(self) -> dict[str, t.Any]:
        """Return what the head of the profile says: what was recorded, when, and which kind of controller it is."""
        options, today = self.options, datetime.date.today().isoformat()
        readings = {key: result.offer.value for key, result in self.guide.results.items() if result.offer is not None}
        evidence = {
            "kind": "recorded",
            "model": readings.get("read.identity.fields.model") or options.title or urlsplit(options.url).hostname,
            "firmware": readings.get("read.identity.fields.controller_version") or f"as of {today}",
            "date": today,
            **(options.evidence or {}),
        }
        head: dict[str, t.Any] = {"evidence": evidence}
        if options.interface == "controller":
            method = registration_method(self.guide)
            head |= {"registration_method": method, "controller_kind": "SRA" if method == "link" else "PRISMAsync"}
        return head

    def known(self) -> dict[str, list[str]]:
        """Return the values that the fixture must not contain, in addition to those that are found by their names."""
        options, capture, guide = self.options, self.windows.capture, self.guide
        known: dict[str, list[str]] = {name: list(values or ()) for name, values in options.known.items()}
        known.setdefault("secrets", []).extend(each for each in capture.passwords() if len(each) >= 4)
        if options.person:
            known.setdefault("emails", []).append(options.person)
        serial = guide.results.get("read.identity.fields.serial")
        if serial is not None and serial.offer is not None and len(str(serial.offer.value)) >= 4:
            known.setdefault("serials", []).append(str(serial.offer.value))
        return {name: list(dict.fromkeys(values)) for name, values in known.items()}

    def ask(self, group: str, name: str, label: str) -> str | None:
        """Ask in the panel what was typed into a field. Without a person, the field stays as it is."""
        guide, language = self.guide, self.options.language
        if self.options.interface == "other":
            return own_input(name)
        answers: list[str | None] = []
        inputs = allowed_inputs(self.options.interface, group)
        choices: list[tuple[str, t.Any]] = [(each.replace("_", " "), each) for each in inputs]
        choices.append((panel_text("constant", language), None))
        guide.ask(panel_text("input", language, text=label), choices, answers.append)
        report, guide.report = guide.report, []
        if self.options.clicks:
            guide.answer(len(choices) - 1)
        self.windows.run(lambda: bool(answers))
        guide.report = report
        return answers[0]

    def _prove(
        self, fixture: str | None, recording: Recording, base: str, session: RecordedSession
    ) -> dict[str, t.Any]:
        """Replay the fixture with the profile, then sign in with it and read everything again.

        Without a fixture the recording itself is replayed, and what was read there is not written.
        """
        options = self.options
        profile = find_profile(options.profile, options.interface, None)
        replayed = check_profile(profile, recording=read_har(Path(fixture)) if fixture else recording)
        made: dict[str, t.Any] = {"replay": replayed.as_lines()}
        if fixture and options.expected:
            text = yaml.safe_dump(replayed.reading(), allow_unicode=True, sort_keys=False, width=110)
            write_private(options.expected, text.encode())
        account = account_of(self.guide, self.windows.capture, session, profile.source["sign_in"].get("steps", ()))
        if account is None:
            made["live"] = ["not checked: nobody signed in with a password that the profile can send"]
            return {**made, "proven": False}
        live = prove_live(profile, urljoin(options.url, base), account, options.connection)
        made["live"] = live.as_lines()
        return {**made, "proven": replayed.ok and live.ok}


def next_steps(options: RecorderOptions, result: Mapping[str, t.Any]) -> list[str]:
    """Return what a person should do next, with the line of the inventory that uses a proven profile."""
    path = options.profile
    if not result["proven"]:
        steps = [f"The profile is not proven: {path}. Do not use it yet."]
        if any("untrusted_certificate" in line.lower() for line in result["live"]):
            steps.append(
                "The proof does not trust the certificate of the interface. Name its CA (-e printops_ca_path=FILE), or "
                "pin the certificate (-e printops_tls_fingerprint=SHA256)."
            )
        elif not result["complete"]:
            steps.append("Answer the open questions (-e decisions=FILE), or repeat their tasks.")
        else:
            steps.append("Repeat the tasks that do not fit, or look at their pages with profile_try.")
        return steps
    variable = _VARIABLES.get(options.interface)
    address = urljoin(options.url, result["base_path"])
    if variable is None:
        return [f"The profile fits: {path}. Give it to web_read and web_write as profile, with the url {address}"]
    # Beside the inventory, in its folder profiles, a profile is found by its id.
    found_by_id = path.split(os.sep)[-2:] == ["profiles", f"{options.id}.yml"]
    steps = [f"The profile fits: {path}. Use it with this line of the inventory:"]
    steps.append(f"{variable}: {options.id if found_by_id else path}")
    if found_by_id:
        steps.append("The folder profiles must lie beside the inventory; otherwise give the path of the file.")
    if options.interface == "controller" and result["base_path"] != "/":
        steps.append(f"printops_base_path: {result['base_path']}")
    return steps


def report_lines(result: Mapping[str, t.Any], language: str) -> list[str]:
    """Return what the panel shows at the end."""
    lines = [*result["replay"], *result["live"]]
    for name in ("left_out", "not_replaced"):
        lines += ["", panel_text(name, language), *result[name]] if result[name] else []
    head = panel_text("proven" if result["proven"] else "not_proven", language)
    open_questions = [each["key"] for each in result["open"] if not each["optional"]]
    return [head, f"{os.path.basename(result['profile_file'])}", *open_questions, "", *lines]
