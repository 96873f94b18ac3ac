# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary that a person reads at the end of a run: what is to be done and by whom, then everything else. Pure."""

from __future__ import annotations

import typing as t
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ...module_utils._decide.outcomes import Outcome
from ...module_utils._decide.responsible import responsible, severity
from ...module_utils._decide.text import printable
from .document import RunReport
from .facts import PrinterFacts
from .layout import Screen, continued, indented, labelled, width_of, wrapped

NAMED = 40
"""Printers of one row that are named. The others are counted; a file names them."""
_NAMED_BESIDE = 5
"""The same for changes and findings, which stop nothing."""
_CHANGES = 10
_LABEL = 26
"""Columns of the widest label beside its text."""
_TEXT = 2000


@dataclass(frozen=True)
class Ending:
    """What a summary says beside the results: where files are, and the command for what is left."""

    files: Mapping[str, str] = field(default_factory=dict)
    """Paths by what they are."""
    command: str | None = None
    trouble: Sequence[str] = ()
    """What could not be written, and why."""
    path: str | None = None
    """Where the JSON file was written."""
    moved: str = ""
    """Why it is not where it should be."""


@dataclass(frozen=True)
class _Group:
    """Printers with the same outcome or finding and the same advice, in rows of equal reasons."""

    word: str
    advice: str
    rows: Mapping[str, Sequence[str]]
    """Names of printers by reason."""

    @property
    def size(self) -> int:
        return len({name for names in self.rows.values() for name in names})


def summary(report: RunReport, screen: Screen, ending: Ending | None = None) -> str:
    """Return the summary of a run as text for ``screen``, in paragraphs with an empty line between them."""
    ending = ending or Ending()
    findings = _findings(report)
    parts = [
        _head(report, screen),
        *(_group(group, report, screen, "yellow", NAMED) for group in _waiting(report)),
        *(_group(group, report, screen, "red", NAMED) for group in _attention(report)),
        _changes(report, screen),
        screen.coloured("Findings, which stop nothing", "bold") if findings else "",
        *(_group(group, report, screen, "yellow", _NAMED_BESIDE) for group in findings),
        _notes(report, screen),
        _differences(report, screen),
        _where(ending, screen),
        _next(ending, screen),
    ]
    return "\n\n".join(part for part in parts if part)


def _head(report: RunReport, screen: Screen) -> str:
    total, attention = len(report.printers), len(report.attention)
    state = report.needs_attention or f"no {report.noun} needs attention"
    if not total:
        state = f"no {report.noun} was reached"
    title = f"{report.title}: {state}"
    if report.stopped:
        title += ". The run was stopped"
    counts = Counter((not each.good, severity(each.outcome), each.outcome) for each in report.printers)
    ordered = [(word, number) for (_bad, _rank, word), number in sorted(counts.items())]
    lines = [screen.coloured(line, "red" if attention else "green") for line in wrapped(title, screen.columns)]
    if ordered:
        lines.append(indented(", ".join(f"{number} {word}" for word, number in ordered), 2, screen.columns))
    return "\n".join(lines)


def _waiting(report: RunReport) -> list[_Group]:
    """Return the printers that a person has to claim: good, and yet somebody has to do something."""
    waiting = [each for each in report.printers if each.outcome == Outcome.AWAITING_CLAIM and not each.needs_attention]
    return _grouped((each.outcome, each.advice, _waits_at(each), each.name) for each in waiting)


def _waits_at(printer: PrinterFacts) -> str:
    return f"at {printer.address_host}" if printer.address_host else ""


def _attention(report: RunReport) -> list[_Group]:
    """Return what needs attention: outcomes, and the findings of printers whose outcome alone is good."""

    def found() -> Iterator[tuple[str, str, str, str]]:
        for each in report.attention:
            for item in each.problems:
                yield item.finding, item.advice, item.what, each.name

    return _grouped(found())


def _findings(report: RunReport) -> list[_Group]:
    """Return the findings that fail no printer; those that do stand with what needs attention."""
    shown = {(group.word, name) for group in _attention(report) for row in group.rows.values() for name in row}
    return _grouped(
        (item.finding, item.advice, item.what, each.name)
        for each in report.printers
        for item in each.findings
        if (item.finding, each.name) not in shown
    )


def _grouped(found: t.Iterable[tuple[str, str, str, str]]) -> list[_Group]:
    """Return groups of (word, advice, reason, name), the worst last, each with its most frequent reasons first."""
    groups: dict[tuple[str, str], dict[str, list[str]]] = {}
    for word, advice, reason, name in found:
        groups.setdefault((word, advice), {}).setdefault(reason, []).append(name)
    made = [
        _Group(word, advice, dict(sorted(rows.items(), key=lambda item: (-len(item[1]), item[1]))))
        for (word, advice), rows in groups.items()
    ]
    return sorted(made, key=lambda group: (severity(group.word), group.word, group.size, group.advice))


def _group(group: _Group, report: RunReport, screen: Screen, colour: str, most: int) -> str:
    head = f"{group.word}: {report.counted(group.size)}, for {responsible(group.word, group.advice)}"
    lines = [screen.coloured(line, colour) for line in wrapped(head, screen.columns)]
    if group.advice:
        lines.append(indented(_plain(group.advice), 2, screen.columns))
    rows = [_row(reason, names, report.noun, most) for reason, names in group.rows.items()]
    label_width = min(max((width_of(label) for label, _text in rows), default=0), _LABEL)
    for label, text in rows:
        lines.append(labelled(label, text, 4, label_width, screen.columns))
    return "\n".join(lines)


def _row(reason: str, names: Sequence[str], noun: str, most: int) -> tuple[str, str]:
    """Return the label and the text of one row: the printer, or how many there are and then their names."""
    names = sorted(map(_plain, names))
    if len(names) == 1:
        return names[0], _plain(reason)
    listed = ", ".join(names[:most])
    if len(names) > most:
        listed += f" and {len(names) - most} more"
    text = f"{_plain(reason)}: {listed}" if reason else listed
    return f"{len(names)} {noun}s", text


def _changes(report: RunReport, screen: Screen) -> str:
    changed = [each for each in report.printers if each.changes or each.changed]
    if not changed:
        return ""
    verb = "Would change" if report.check_mode else "Changed"
    counts = Counter(_plain(change) for each in changed for change in each.changes)
    rows = counts.most_common(_CHANGES)
    width = max((len(str(number)) for _change, number in rows), default=1)
    lines = [screen.coloured(f"{verb}: {report.counted(len(changed))}", "bold")]
    lines += [labelled(str(number).rjust(width), change, 2, width, screen.columns) for change, number in rows]
    if len(counts) > _CHANGES:
        lines.append(indented(f"and {len(counts) - _CHANGES} other changes", 2 + width + 2, screen.columns))
    return "\n".join(lines)


def _notes(report: RunReport, screen: Screen) -> str:
    counts = Counter(note for each in report.printers for note in each.notes)
    return "\n".join(
        "\n".join(wrapped(f"{number} of {report.counted(len(report.printers))}: {_plain(note)}", screen.columns))
        for note, number in counts.items()
    )


def _differences(report: RunReport, screen: Screen) -> str:
    """Say what differs from the run before, if there was one of the same kind."""
    before = report.comparison
    if before is None:
        return ""
    lines = [screen.coloured(f"Since the last run ({before.written.replace('T', ' ').replace('Z', ' UTC')})", "bold")]
    for label, names in (("newly failing", before.newly), ("newly fixed", before.fixed)):
        text = ", ".join(map(_plain, names[:NAMED])) or "none"
        if len(names) > NAMED:
            text += f" and {len(names) - NAMED} more"
        lines.append(labelled(label, f"{len(names)}: {text}" if names else text, 2, 13, screen.columns))
    return "\n".join(lines)


def _where(ending: Ending, screen: Screen) -> str:
    width = max((width_of(label) for label in ending.files), default=0)
    lines = [labelled(label, path, 2, width, screen.columns) for label, path in ending.files.items()]
    lines += [line for each in (ending.moved, *ending.trouble) if each for line in wrapped(each, screen.columns)]
    return "\n".join([screen.coloured("Files", "bold"), *lines]) if lines else ""


def _next(ending: Ending, screen: Screen) -> str:
    """Return the command so that it can be copied: lines that go on end in a backslash, and no word is divided."""
    if not ending.command:
        return ""
    command, *hints = ending.command.split("\n")
    lines = [f"  {line}" for line in continued(command, screen.columns - 2)]
    lines += [indented(hint, 2, screen.columns) for hint in hints]
    return "\n".join([screen.coloured("For what is left", "bold"), *lines])


def _plain(text: str) -> str:
    """Return a text that an interface may have sent, without what could steer a terminal."""
    return printable(" ".join(text.split()), _TEXT)
