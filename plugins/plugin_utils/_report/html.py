# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as one HTML file that needs no network. Its frame, style and script are plugins/data/report.html.

What an interface has sent is escaped, and the page's own policy lets it load nothing.
"""

from __future__ import annotations

import io
import typing as t
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from ...module_utils._decide.outcomes import Outcome
from ...module_utils._decide.responsible import responsible, severity
from ...module_utils._decide.text import counted, printable
from ...module_utils._web.libraries import on_demand
from .document import ReportKind, RunReport
from .facts import PrinterFacts

FRAME = Path(__file__).resolve().parents[2] / "data" / "report.html"
_TEXT = 2000
COLUMNS = (
    *(
        "Printer",
        "Outcome",
        "For",
        "What and why",
        "Serial",
        "Model",
        "Changes",
        "ORS",
        "Proxy",
        "Licences",
        "Last data",
    ),
    *("Certificate ends", "Evidence", "Seconds"),
)
_OF_PEOPLE = frozenset({"Outcome", "For", "What and why", "Changes"})
"""The columns of a site or a tenant, which has no serial number, no proxy and so on."""


@dataclass(frozen=True)
class _Cell:
    """One cell: its HTML, and what it is sorted by if that is not its text."""

    html: str
    key: str | None = None


def as_html(report: RunReport, addresses: Mapping[str, str]) -> str:
    """Return the report as HTML. ``addresses``: the registration addresses that the page shows, by printer."""
    newly = set(report.comparison.newly) if report.comparison else set()
    columns = _columns(report)
    parts = {
        "title": _text(f"{report.title}: {_total(report)}"),
        "written": f"Written {_text(_moment(report.written))}.",
        "noun": report.noun,
        "heading": f"{report.noun.capitalize()}s",
        "notice": _notice(report, addresses),
        "bar": "".join(_bar(report)),
        "comparison": _comparison(report),
        "findings": _findings(report),
        "heads": "".join(
            f'<th scope="col"><button type="button">{head}</button></th>'
            for head in (report.noun.capitalize(), *columns)
        ),
        "rows": "\n".join(_row(each, newly, columns) for each in sorted(report.printers, key=_rank)),
        "waiting": _waiting(report, addresses),
    }
    # One pass over the frame: a text of a printer cannot fill a place of its own.
    pieces = _frame().split("@@")
    return "".join(piece if number % 2 == 0 else parts[piece] for number, piece in enumerate(pieces))


@cache
def _frame() -> str:
    return FRAME.read_text(encoding="utf-8")


def _total(report: RunReport) -> str:
    return report.needs_attention or f"{report.counted(len(report.printers))}, all fine"


def _notice(report: RunReport, addresses: Mapping[str, str]) -> str:
    lines = []
    if report.stopped:
        lines.append("The run was stopped. Printers that it did not reach are not tried.")
    if report.check_mode:
        lines.append("This is what check mode predicts. Nothing was changed.")
    if addresses:
        held = counted(len(addresses), "registration address", "registration addresses")
        lines.append(
            f"This file holds {held}. Anyone who opens one ties the printer to their own tenant, so the file has mode "
            "0600: do not pass it on. With onboard_report_links: false it has none."
        )
    return "".join(f'<p class="notice">{line}</p>' for line in lines)


def _bar(report: RunReport) -> Iterable[str]:
    kinds = {each.outcome: _kind(each) for each in report.printers}
    counts = Counter(each.outcome for each in report.printers)
    for outcome in sorted(counts, key=lambda word: (kinds[word] == "bad", severity(word), word)):
        yield (
            f'<li style="flex-grow: {counts[outcome]}"><button type="button" class="{kinds[outcome]}" '
            f'aria-pressed="false" data-outcome="{_text(outcome)}">{counts[outcome]} {_text(outcome)}</button></li>'
        )


def _kind(printer: PrinterFacts) -> str:
    if not printer.good:
        return "bad"
    return "wait" if printer.outcome == Outcome.AWAITING_CLAIM else "good"


def _rank(printer: PrinterFacts) -> int:
    """Return where a printer stands: who needs attention, who waits for a claim, everyone else; each by name."""
    return 0 if printer.needs_attention else 1 if printer.outcome == Outcome.AWAITING_CLAIM else 2


def _columns(report: RunReport) -> list[str]:
    """Return the columns behind the name of the host."""
    return [name for name in COLUMNS[1:] if report.kind is not ReportKind.ACCESS or name in _OF_PEOPLE]


def _row(printer: PrinterFacts, newly: set[str], columns: Iterable[str]) -> str:
    flags = {
        "attention": printer.needs_attention,
        "waits": printer.outcome == Outcome.AWAITING_CLAIM,
        "changed": printer.changed,
        "newly": printer.name in newly,
    }
    cells = [
        _Cell(
            f'<span class="word {_kind(printer)}">{_text(printer.outcome)}</span>', f"{severity(printer.outcome):03}"
        ),
        _Cell(_text("" if printer.good and not printer.attention and not flags["waits"] else printer.responsible)),
        _Cell(_what(printer)),
        *(_Cell(_text(value)) for value in (printer.serial, printer.model)),
        _Cell(_list(printer.changes), str(len(printer.changes))),
        *(_Cell(_text(value)) for value in (printer.ors, printer.proxy)),
        _Cell(_list(f"{name}: {'yes' if has else 'none'}" for name, has in printer.licences.items())),
        *(_Cell(_text(value)) for value in (printer.last_data, _moment(printer.certificate_ends), printer.evidence)),
        _Cell(_text("" if printer.seconds is None else f"{printer.seconds:g}")),
    ]
    is_ = " ".join(name for name, has in flags.items() if has)
    head = f'<th scope="row">{_text(printer.name)}</th>'
    named = dict(zip(COLUMNS[1:], cells, strict=True))
    shown = "".join(f"<td{_key(named[column])}>{named[column].html}</td>" for column in columns)
    return f'<tr data-outcome="{_text(printer.outcome)}" data-is="{is_}">{head}{shown}</tr>'


def _key(cell: _Cell) -> str:
    return "" if cell.key is None else f' data-key="{_text(cell.key)}"'


def _what(printer: PrinterFacts) -> str:
    """Return reason and advice of a printer, and each of its findings."""
    silent = printer.good and not printer.attention and printer.outcome != Outcome.AWAITING_CLAIM
    lines = [] if silent else [printer.reason, printer.advice]
    lines += [f"{found.finding}: {found.what}. {found.advice}" for found in printer.findings]
    return "".join(f"<p>{_text(line)}</p>" for line in lines if line)


def _list(items: Iterable[str]) -> str:
    rows = "".join(f"<li>{_text(item)}</li>" for item in items)
    return f"<ul>{rows}</ul>" if rows else ""


def _comparison(report: RunReport) -> str:
    found = report.comparison
    if found is None:
        return ""
    rows = [
        f"<dt>{label}: {len(names)}</dt><dd>{_text(', '.join(names)) or 'none'}</dd>"
        for label, names in (("Newly failing", found.newly), ("Newly fixed", found.fixed))
    ]
    return (
        '<section aria-labelledby="since"><h2 id="since">Since the run of '
        f"{_text(_moment(found.written))}</h2><dl>{''.join(rows)}</dl></section>"
    )


def _findings(report: RunReport) -> str:
    counts = sorted(report.findings.items(), key=lambda item: (severity(item[0]), item[0]))
    rows = _list(f"{word}: {number}, for {responsible(word)}" for word, number in counts)
    return f'<section aria-labelledby="findings"><h2 id="findings">Findings</h2>{rows}</section>' if rows else ""


def _waiting(report: RunReport, addresses: Mapping[str, str]) -> str:
    """Return a card with link and QR code for each printer that waits, if its address is to be shown."""
    cards = []
    for each in report.printers:
        address = addresses.get(each.name)
        if not each.waits or address is None:
            continue
        facts = " · ".join(_text(fact) for fact in (each.serial, each.model, each.location) if fact)
        link = f'<a href="{escape(address)}" rel="noreferrer">open at {_text(each.address_host)}</a>'
        cards.append(f"<li><strong>{_text(each.name)}</strong><br>{facts}<br>{link}{_qr(address, each.name)}</li>")
    if not cards:
        return ""
    return (
        '<section aria-labelledby="waiting"><h2 id="waiting">Waiting for a claim</h2>'
        f'<ul class="cards">{"".join(cards)}</ul></section>'
    )


def _qr(address: str, name: str) -> str:
    """Return the QR code of an address as inline SVG, nothing if the address is too long for one."""
    segno = on_demand("segno")
    try:
        code = segno.make(address, error="m", micro=False)
    except segno.DataOverflowError:
        return ""
    drawn = io.BytesIO()
    code.save(drawn, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4)
    svg = drawn.getvalue().decode().strip()
    return svg.replace("<svg", f'<svg role="img" aria-label="QR code of {_text(name)}"', 1)


def _moment(moment: str | None) -> str:
    return (moment or "").replace("T", " ").replace("Z", " UTC")


def _text(value: t.Any) -> str:
    """Return a text as HTML, without what turns the direction of writing or is not seen at all."""
    return escape(printable("" if value is None else str(value), _TEXT))
