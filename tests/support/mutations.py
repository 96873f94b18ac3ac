# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages as another release, a fault or a proxy would change them, and the expected result of reading them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import Profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.check import check_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.check_report import CheckReport, OperationCheck
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import RecordedExchange, Recording

SAME = "the same reading"
Edit = Callable[[str], str]


@dataclass(frozen=True)
class Mutation:
    """One change of a recorded page, and the expected result: ``SAME``, or a part of the error message.

    ``page`` is the end of the addresses of the changed responses; ``operation`` is the one that reads them.
    """

    profile: str
    operation: str
    page: str
    what: str
    edit: Edit
    expected: str
    status: int | None = None
    media_type: str | None = None


def swap(one: str, other: str) -> Edit:
    """Replace ``one`` by ``other``. ``one`` must be on the page."""

    def edit(text: str) -> str:
        assert one in text, f"{one!r} is not on the page"
        return text.replace(one, other)

    return edit


def pattern(expression: str, by: str) -> Edit:
    """Replace the first match of ``expression``. There must be one."""

    def edit(text: str) -> str:
        made, count = re.subn(expression, by, text, count=1, flags=re.DOTALL)
        assert count, f"{expression!r} is not on the page"
        return made

    return edit


def cut(before: str) -> Edit:
    """Truncate the page before ``before``."""
    return lambda text: text[: text.index(before)]


def instead(by: str) -> Edit:
    """Replace the whole page."""
    return lambda _text: by


def one_after_other(*edits: Edit) -> Edit:
    """Apply all of ``edits``."""

    def edit(text: str) -> str:
        for each in edits:
            text = each(text)
        return text

    return edit


SIGN_IN_PAGE = (
    "<html><head><title>Remote UI</title></head><body><form name='frmLogin' action='login.cgi' method='post'>"
    "<input type='hidden' name='sectok' value='0'><input name='uname'><input type='password' name='upass'>"
    "</form></body></html>"
)
EMPTY_PAGE = "<html><head><title>Remote UI</title></head><body></body></html>"
NOT_MEANT = "is not the expected page"
ENDED = "the session ends as soon as it begins"
_CELL = r"<td[^>]*>[^<]*</td>"


def _identity(what: str, edit: Edit, expected: str, **more: Any) -> Mutation:
    return Mutation("sra-remote-ui", "read.identity", "device.htm", what, edit, expected, **more)


def _ors(what: str, edit: Edit, expected: str) -> Mutation:
    return Mutation("sra-remote-ui", "read.ors", "ors.htm", what, edit, expected)


def _proxy(what: str, edit: Edit, expected: str) -> Mutation:
    return Mutation("sra-remote-ui", "read.proxy", "proxy.htm", what, edit, expected)


def _registration(what: str, edit: Edit, expected: str) -> Mutation:
    return Mutation("sra-remote-ui", "read.registration", "register.htm", what, edit, expected)


def _devices(what: str, edit: Edit, expected: str, **more: Any) -> Mutation:
    return Mutation("prisma-home-application", "read.devices", "devices?limit=500", what, edit, expected, **more)


REMOTE_UI = [
    _identity("renamed label", swap(">Serial number<", ">Device identification<"), NOT_MEANT),
    _identity("other language", swap(">Serial number<", ">Serienummer<"), NOT_MEANT),
    _identity("missing field", pattern(rf"<tr><th[^>]*>Serial number</th>{_CELL}</tr>", ""), NOT_MEANT),
    _identity(
        "extra row above",
        swap('cellpadding="4">\n<tr>', 'cellpadding="4"><tr><th>Site</th><td>North</td></tr><tr>'),
        SAME,
    ),
    _identity(
        "extra row below",
        swap("</table>\n</td></tr></table>", "<tr><th>Site</th><td>North</td></tr></table></td></tr></table>"),
        SAME,
    ),
    _identity("extra column", swap("</td></tr>\n<tr><th", '</td><td><a href="x">?</a></td></tr>\n<tr><th'), SAME),
    _identity("extra column first", swap('<tr><th align="left">', '<tr><td>*</td><th align="left">'), NOT_MEANT),
    _identity("swapped columns", pattern(rf"(<th[^>]*>Serial number</th>)({_CELL})", r"\2\1"), NOT_MEANT),
    _identity(
        "swapped rows",
        pattern(
            rf"(<tr><th[^>]*>Product name</th>{_CELL}</tr>)\s*(<tr><th[^>]*>Serial number</th>{_CELL}</tr>)", r"\2\1"
        ),
        SAME,
    ),
    _identity(
        "serial number and host name swapped",
        pattern(
            rf"(<tr><th[^>]*>Serial number</th>{_CELL}</tr>)(.*?)(<tr><th[^>]*>Host name</th>{_CELL}</tr>)", r"\3\2\1"
        ),
        SAME,
    ),
    _identity("empty value", pattern(r"(Serial number</th><td>)[^<]*", r"\1"), "the field 'serial' cannot be read"),
    _identity(
        "changed value text",
        pattern(r"(Serial number</th><td>)[^<]*", r"\1not available"),
        "the field 'serial' cannot be read",
    ),
    _identity(
        "changed form of a date",
        pattern(r"(Date and time</th><td>)[^<]*", r"\g<1>1 March 2026"),
        "the field 'clock' cannot be read",
    ),
    _identity(
        "doubled label",
        swap("</table>\n</td></tr></table>", "<tr><th>Serial number</th><td>999</td></tr></table></td></tr></table>"),
        NOT_MEANT,
    ),
    _identity(
        "doubled id",
        pattern(
            r"(<table id=.tblDevice.)", r"<table id='tblDevice'><tr><th>Serial number</th><td>999</td></tr></table>\1"
        ),
        NOT_MEANT,
    ),
    _identity("renamed id", swap("tblDevice", "tblPrinter"), NOT_MEANT),
    _identity("cut before the field", cut('<tr><th align="left">Serial number'), NOT_MEANT),
    _identity("cut after the field", cut('<tr><th align="left">Host name'), NOT_MEANT),
    _identity("empty page", instead(EMPTY_PAGE), NOT_MEANT),
    _identity("nothing at all", instead(""), NOT_MEANT),
    _identity("JSON in its place", instead('{"serial": "1"}'), NOT_MEANT, media_type="application/json"),
    _identity("expired session", instead(SIGN_IN_PAGE), ENDED),
    _identity("no rights", instead("<p id='msg-no-access' class='error'>No access</p>"), "No access"),
    _identity("server error", instead("<h1>Error</h1>"), "the answer has status 500", status=500),
    _identity("gone", instead("Not found"), "the answer has status 404", status=404),
    _ors(
        "changed value text",
        swap(">connected<", ">linked<"),
        "the values of the field 'state' do not contain the text 'linked'",
    ),
    _ors(
        "the opposite, which contains it",
        swap(">connected<", ">no longer connected<"),
        "do not contain the text 'no longer connected'",
    ),
    _ors(
        "other language",
        one_after_other(swap(">ORS state<", ">ORS-status<"), swap(">connected<", ">aangesloten<")),
        NOT_MEANT,
    ),
    _ors(
        "swapped values",
        pattern(r"(orsState.>)connected(<.*?<td>)enabled", r"\1enabled\2connected"),
        "do not contain the text 'enabled'",
    ),
    _ors("swapped rows", pattern(r"(<tr><th[^>]*>ORS state.*?</tr>)\s*(<tr><th[^>]*>Mode.*?</tr>)", r"\2\1"), SAME),
    _ors(
        "id on another cell",
        one_after_other(swap(' id="orsState"', ""), pattern(r"(Mode</th><td)", r'\1 id="orsState"')),
        NOT_MEANT,
    ),
    _ors("doubled id", swap("<h2>", "<p id='orsState'>not connected</p><h2>"), NOT_MEANT),
    _ors("missing field", pattern(rf"<tr><th[^>]*>Mode</th>{_CELL}</tr>", ""), "the field 'mode' is missing"),
    _ors("cut before the field", cut('<tr><th align="left">Mode'), "the field 'mode' is missing"),
    _ors("expired session", instead(SIGN_IN_PAGE), ENDED),
    _proxy("renamed field", swap('name="pxHost"', 'name="proxyHost"'), "the field 'host' is missing"),
    _proxy("missing field", pattern(r"<tr><td>Port:.*?</tr>", ""), NOT_MEANT),
    _proxy(
        "check box is a list now",
        pattern(
            r'<input type="checkbox" name="useProxy"[^>]*>',
            '<select name="useProxy"><option value="1">yes</option></select>',
        ),
        "the field 'enabled' is missing",
    ),
    _proxy(
        "no number",
        pattern(r'(name="pxPort" value=")[^"]*', r"\1auto"),
        "the field 'port' cannot be read: it is not a whole number",
    ),
    _proxy("doubled form", pattern(r"(<form .*?</form>)", r"\1\1"), NOT_MEANT),
    _proxy("forms swapped", pattern(r"(<form .*?</form>)\s*(<form .*?</form>)", r"\2\1"), SAME),
    _proxy("labels renamed, fields not", swap(">Address:<", ">Server:<"), SAME),
    _proxy("changed value text", pattern(r"(pxPassState.>)[^<]*", r"\1hidden"), "do not contain the text 'hidden'"),
    _proxy("hidden field gone", swap('<input type="hidden" name="op" value="save">', ""), NOT_MEANT),
    _proxy("cut in the form", cut("<tr><td>Port"), NOT_MEANT),
    _proxy("expired session", instead(SIGN_IN_PAGE), ENDED),
    _registration("changed value text", pattern(r"(regState.>)[^<]*", r"\1maybe"), "do not contain the text 'maybe'"),
    _registration("renamed label", swap('<th align="left">Registration<', '<th align="left">State<'), NOT_MEANT),
    _registration("renamed id", swap("regState", "registrationState"), NOT_MEANT),
    _registration("doubled id", swap("<h2>", "<p id='regState'>registered</p><h2>"), NOT_MEANT),
    _registration(
        "extra row", pattern(r"(<tr><th[^>]*>Registration<)", r"<tr><th>Site</th><td>North</td></tr>\1"), SAME
    ),
    _registration("cut before the field", cut('<table border="0" cellspacing'), NOT_MEANT),
    _registration("expired session", instead(SIGN_IN_PAGE), ENDED),
    _registration(
        "forced change of password",
        instead("<form name='frmPassword' action='p' method='post'><input name='a'></form>"),
        "the interface reports password_change",
    ),
]

HOME = [
    _devices("renamed key", swap('"serialNumber"', '"serial"'), "the field 'serial' is missing"),
    _devices(
        "value is null", pattern(r'"serialNumber":\s*"[^"]*"', '"serialNumber": null'), "the field 'serial' is missing"
    ),
    _devices("list renamed", swap('"items"', '"devices"'), "there is no list of rows"),
    _devices(
        "list is an object", pattern(r'"items":\s*\[.*\](,\s*"total")', r'"items": {}\1'), "there is no list of rows"
    ),
    _devices(
        "row lost",
        pattern(r'("items":\s*)\[.*\](,\s*"total")', r"\1[]\2"),
        "rows were read over 1 pages, but the total is",
    ),
    _devices("total too high", pattern(r'"total":\s*\d+', '"total": 7'), "but the total is 7"),
    _devices("total is a text", pattern(r'"total":\s*(\d+)', r'"total": "\1"'), "the total is"),
    _devices("no total", pattern(r'"total"', '"count"'), "the field 'total' is missing"),
    _devices("truncated", lambda text: text[: len(text) // 2], "there is no list of rows"),
    _devices("new keys", swap('"total"', '"generated": "2026", "total"'), SAME),
    _devices(
        "a page for people in its place",
        instead("<html><h1>Sign in</h1></html>"),
        "there is no list of rows",
        media_type="text/html",
    ),
    _devices("nothing at all", instead(""), "there is no list of rows"),
    _devices("expired session", instead('{"code": "expired"}'), ENDED, status=401),
    _devices("forbidden", instead('{"code": "forbidden", "message": "Not yours"}'), "Not yours", status=403),
]


def mutated(recording: Recording, mutation: Mutation) -> Recording:
    """Return ``recording`` with the mutation applied to every response of its page."""
    changed = 0
    exchanges: list[RecordedExchange] = []
    for exchange in recording.exchanges:
        if exchange.url.endswith(mutation.page) and exchange.method == "GET" and exchange.status == 200:
            text = exchange.response_body.decode()
            if "frmLogin" not in text:
                made = _edited(mutation, text)
                changed += made != text
                exchange = _answered(exchange, made, mutation)
        exchanges.append(exchange)
    assert changed, f"{mutation.operation}: {mutation.what} changes nothing"
    return replace(recording, exchanges=exchanges)


def _edited(mutation: Mutation, text: str) -> str:
    try:
        return mutation.edit(text)
    except (AssertionError, ValueError):  # another state of the page, without this text
        return text


def _answered(exchange: RecordedExchange, text: str, mutation: Mutation) -> RecordedExchange:
    media_type = mutation.media_type or exchange.response_type
    headers = tuple(
        (name, str(media_type) if name.lower() == "content-type" else value)
        for name, value in exchange.response_headers
    )
    return replace(
        exchange,
        response_body=text.encode(),
        status=mutation.status or exchange.status,
        response_type=media_type,
        response_headers=headers,
    )


@dataclass(frozen=True)
class Verdict:
    """The result of a mutation: whether it is the expected one, whether a wrong value was read, and its description."""

    met: bool
    wrong_value: bool
    came: str


def judge(profile: Profile, recording: Recording, mutation: Mutation, whole: CheckReport) -> Verdict:
    """Check ``profile`` against the mutated recording, and compare with the check of the ``whole`` recording."""
    only = frozenset({mutation.operation})
    found = check_profile(profile, recording=mutated(recording, mutation), only=only).operations[mutation.operation]
    before = whole.operations[mutation.operation]
    wrong = _reads_something_else(found, before)
    if found.ok:
        same = found.readings == before.readings
        return Verdict(same and mutation.expected == SAME, wrong or not same, SAME if same else "another reading")
    problem = found.problem or ""
    return Verdict(mutation.expected != SAME and mutation.expected in problem, wrong, f"{found.outcome}: {problem}")


def _reads_something_else(found: OperationCheck, before: OperationCheck) -> bool:
    """Whether a value was read that no state of the whole recording has. An unknown text is not a value."""
    for reading in found.readings:
        known = [each for each in before.readings if _agrees(reading, each)]
        if not known:
            return True
    return False


def _agrees(reading: Any, whole: Any) -> bool:
    if isinstance(reading, dict) and isinstance(whole, dict):
        return all(value == "other" or _agrees(value, whole.get(name)) for name, value in reading.items())
    return bool(reading == whole)
