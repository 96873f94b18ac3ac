# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording as a browsing history: the visited pages, and the page from which each form was submitted.

Knows no word of any interface.
"""

from __future__ import annotations

import json
import typing as t
from collections import Counter
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urljoin, urlsplit

from ....module_utils._web.errors import BadInput
from ....module_utils._web.page.page import Page, read_page

if t.TYPE_CHECKING:
    from ..exchange import RecordedExchange, Recording

_NOT_PAGES = ("image/", "font/", "video/", "audio/", "text/css", "application/javascript", "text/javascript")


@dataclass(frozen=True)
class Visit:
    """One exchange with its page as a session reads it. ``path`` is relative to the interface's own address.

    ``json_body`` is the parsed body of a JSON request, None for any other.
    """

    number: int
    method: str
    url: str
    path: str
    query: tuple[tuple[str, str], ...]
    status: int
    headers: t.Mapping[str, str]
    response_headers: t.Mapping[str, str]
    form: tuple[tuple[str, str], ...]
    json_body: t.Any
    page: Page

    @property
    def name(self) -> str:
        """Return the name by which questions refer to this visit."""
        return f"{self.method} {self.path or '(the first page)'}"

    @property
    def data(self) -> t.Any:
        """Return the data on which expressions are evaluated."""
        return self.page.data

    @property
    def is_page(self) -> bool:
        """Whether the response is a page or JSON with content, and no error."""
        return self.page.kind in ("html", "json") and 200 <= self.status < 300 and bool(self.page.data)

    @property
    def has_content(self) -> bool:
        """Whether the response has content that an expression could read."""
        if self.page.kind == "html":
            return any(self.page.data[part] for part in ("title", "text", "forms", "frames"))
        return self.page.kind == "json" and self.page.data is not None

    @property
    def forms(self) -> list[dict[str, t.Any]]:
        """Return the forms on the page."""
        return self.page.data["forms"] if self.page.kind == "html" else []

    @property
    def writes(self) -> bool:
        """Whether the method is not a safe one (RFC 9110), so that the request may change something."""
        return self.method not in ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class RecordedSubmission:
    """A form on the page ``source`` that was submitted, and the visit that this request made."""

    visit: Visit
    source: Visit
    form: t.Mapping[str, t.Any]


@dataclass
class BrowsingHistory:
    """All visits of the recorded interface, in the order of the recording. ``base`` is the path of its own address."""

    origin: str
    base: str
    visits: list[Visit]
    left_out: list[str] = field(default_factory=list)
    _submissions: dict[int, RecordedSubmission | None] = field(default_factory=dict)

    def submission(self, visit: Visit) -> RecordedSubmission | None:
        """Return the form whose submission led to ``visit``, from the latest page that has a fitting one; or None."""
        if visit.number not in self._submissions:
            self._submissions[visit.number] = self._find(visit)
        return self._submissions[visit.number]

    def _find(self, visit: Visit) -> RecordedSubmission | None:
        names = {name for name, _value in visit.form or (visit.query if not visit.writes else ())}
        if not names and not visit.writes:
            return None
        for source in reversed([each for each in self.visits if each.number < visit.number and each.forms]):
            fitting = [form for form in source.forms if _fits(form, visit, names)]
            if fitting:
                return RecordedSubmission(visit, source, min(fitting, key=lambda form: _difference(form, visit)))
        return None

    def landing(self, visit: Visit) -> Visit:
        """Return the visit at which the redirects after ``visit`` end."""
        following = [each for each in self.visits if each.number > visit.number]
        at = visit
        for each in following:
            if not 300 <= at.status < 400:
                break
            target = at.response_headers.get("location")
            if target is not None and urljoin(at.url, target).split("#")[0] == each.url.split("#")[0]:
                at = each
        return at


def read_history(recording: Recording, base_path: str | None = None) -> BrowsingHistory:
    """Read every page of the interface in ``recording``. Raise :class:`BadInput` if there is none.

    ``base_path`` is the path of the interface's own address, by default the folder that all pages share.
    """
    visits = [visit for visit in map(_visit, recording.exchanges) if visit is not None]
    count = Counter(_origin(visit.url) for visit in visits if visit.has_content)
    if not count:
        raise BadInput(
            "the recording contains no page and no JSON response with its content",
            advice="Record again and export the HAR with content (Chrome: Export HAR with sensitive data).",
        )
    # max() returns the first of equals: the origin that the person opened.
    origin = max(count, key=lambda each: count[each])
    other = sorted({_origin(visit.url) for visit in visits} - {origin})
    left_out = [f"requests to other hosts: {len(other)} hosts"] if other else []
    own = [visit for visit in visits if _origin(visit.url) == origin]
    base = base_path if base_path is not None else _common_folder([urlsplit(visit.url).path for visit in own])
    base = "/" + base.strip("/") + "/" if base.strip("/") else "/"
    below = [
        replace(visit, path=urlsplit(visit.url).path.removeprefix(base))
        for visit in own
        if (urlsplit(visit.url).path + "/").startswith(base)
    ]
    if not below:
        raise BadInput(f"base_path: the recording has no page below {base!r}")
    return BrowsingHistory(origin, base, below, left_out)


def _common_folder(paths: list[str]) -> str:
    parts = [path.split("/")[:-1] for path in paths]
    common = []
    for column in zip(*parts, strict=False):
        if len(set(column)) > 1:
            break
        common.append(column[0])
    return "/".join(common)


def _visit(exchange: RecordedExchange) -> Visit | None:
    kind = (exchange.response_type or "").split(";")[0].strip().lower()
    parts = urlsplit(exchange.url)
    if parts.scheme not in ("http", "https") or exchange.method == "OPTIONS" or kind.startswith(_NOT_PAGES):
        return None
    body = exchange.response_body if exchange.has_body else b""
    return Visit(
        number=exchange.number,
        method=exchange.method,
        url=exchange.url,
        path=parts.path.lstrip("/"),
        query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
        status=exchange.status,
        headers={name.lower(): value for name, value in exchange.request_headers},
        response_headers={name.lower(): value for name, value in exchange.response_headers},
        form=exchange.form,
        json_body=_json_body(exchange),
        page=read_page(body, exchange.response_type, exchange.url),
    )


def _json_body(exchange: RecordedExchange) -> t.Any:
    if "json" not in (exchange.request_type or "") or not exchange.request_body:
        return None
    try:
        return json.loads(exchange.request_body)
    except (ValueError, RecursionError):
        return None


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _fits(form: t.Mapping[str, t.Any], visit: Visit, names: set[str]) -> bool:
    if urlsplit(form["action"]).path != urlsplit(visit.url).path or form["method"].upper() != visit.method:
        return False
    own = {each["name"] for each in (*form["controls"], *form["buttons"])}
    return names <= own | {name for name, _value in parse_qsl(urlsplit(form["action"]).query)}


def _difference(form: t.Mapping[str, t.Any], visit: Visit) -> tuple[int, int]:
    """Return how much a form differs from a request. Hidden fields count first: they tell forms of one action apart."""
    sent = dict(visit.form or visit.query)
    hidden = {each["name"]: each["value"] for each in form["controls"] if each["type"] == "hidden" and each["name"]}
    wrong = sum(sent.get(name) != value for name, value in hidden.items())
    return wrong, len(set(form["fields"]) ^ set(sent))
