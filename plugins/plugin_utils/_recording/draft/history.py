# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording as a browsing history: the visited pages, and the page from which each form was submitted.

Knows no word of any interface.
"""

from __future__ import annotations

import posixpath
import re
import typing as t
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, partial
from urllib.parse import unquote, urlencode

from ....module_utils._decide.text import counted
from ....module_utils._web.errors import BadInput, UnexpectedPage
from ....module_utils._web.page.address import split_address
from ..exchange import RecordedExchange, Recording, main_origin, origin, same_interface, without_default_port
from ..matching import query_of
from .form_matches import Form, actions_of, difference, fits, has_doubles, look_of_button, look_of_form, names_sent_by

_NOT_PAGES = ("image/", "font/", "video/", "audio/", "text/css", "application/javascript", "text/javascript")
_RPC_KEYS = frozenset({"jsonrpc", "method", "params", "arguments", "id", "tag"})
_GRAPHQL = re.compile(r"(?!.*(?:\"|:\s*-?\d))\s*(?:(query|mutation)\b\s*(\w*)[^{]*)?\{", re.DOTALL)


@dataclass(frozen=True)
class Visit(RecordedExchange):
    """One exchange as a session reads it. ``path`` is relative to the interface's own address.

    ``query`` is without parameters against caching. ``own`` is false at another host, which can only be that of a
    sign-in; ``path`` is the whole address then.
    """

    path: str
    query: tuple[tuple[str, str], ...]
    own: bool

    @cached_property
    def headers(self) -> dict[str, str]:
        """Return the headers of the request, their names in lower case."""
        return {name.lower(): value for name, value in self.request_headers}

    @property
    def address(self) -> str:
        """Return path and query, by which pages differ."""
        return self.path + ("?" + "&".join("=".join(pair) for pair in self.query) if self.query else "")

    @property
    def get(self) -> dict[str, t.Any]:
        """Return the step that fetches this page again."""
        if len(dict(self.query)) < len(self.query):
            return {"get": f"{self.path}?{urlencode(self.query)}"}
        query = {name: int(value) if is_number(value) else value for name, value in self.query}
        return {"get": self.path, "query": query} if query else {"get": self.path}

    @property
    def name(self) -> str:
        """Return the name by which questions refer to this visit."""
        return f"{self.method} {self.address or '(the first page)'}"

    @property
    def is_page(self) -> bool:
        """Whether the response is a page or JSON with content, and no error."""
        return self.page.kind in ("html", "json") and 200 <= self.status < 300 and bool(self.page.data)

    @property
    def forms(self) -> list[dict[str, t.Any]]:
        """Return the forms on the page."""
        return self.page.data["forms"] if self.page.kind == "html" else []

    @cached_property
    def leads_to(self) -> dict[str, dict[str, t.Any]]:
        """Return the first link of the page to each address."""
        return {without_default_port(link["href"].partition("#")[0]): link for link in reversed(self.links)}

    @cached_property
    def links_with(self) -> dict[str, list[Form]]:
        """Return the links of the page by each part of the path and each value in the query of their addresses."""
        found: dict[str, list[Form]] = {}
        for link in self.links:
            for each in {*unquote(split_address(link["href"]).path).split("/"), *dict(query_of(link["href"])).values()}:
                found.setdefault(each, []).append(link)
        return found

    @property
    def links(self) -> list[dict[str, t.Any]]:
        """Return the links on the page."""
        return self.page.data["links"] if self.page.kind == "html" else []

    def answered(self, name: str) -> list[str]:
        """Return the values of a response header, which may come several times."""
        return [value for each, value in self.response_headers if each.lower() == name]

    @property
    def rpc_method(self) -> str:
        """Return the method that JSON-RPC or GraphQL calls, which send queries as POST as well; "" for any other."""
        body = self.sent_json
        if (graphql := self._graphql) is not None:
            return str(body.get("operationName") or graphql[2] or "graphql")
        if not isinstance(body, dict) or not body.keys() <= _RPC_KEYS or body.keys() == {"method", "id"}:
            return ""  # what has nothing but a method and an id does something to what has this id
        return str(body.get("method", ""))

    @property
    def _graphql(self) -> re.Match[str] | None:
        """The beginning of what GraphQL is asked for; None where a value in it, such as a key, may mean somebody."""
        body = self.sent_json if isinstance(self.sent_json, dict) else {}
        is_call = body.keys() <= {"query", "variables", "operationName"} and isinstance(body.get("query"), str)
        return _GRAPHQL.match(body["query"]) if is_call else None

    @property
    def only_asks(self) -> bool:
        """Whether it is a query of GraphQL, which changes nothing."""
        return (graphql := self._graphql) is not None and graphql[1] != "mutation"

    @property
    def writes(self) -> bool:
        """Whether the method is not a safe one (RFC 9110), so that the request may change something."""
        return self.method not in ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class RecordedSubmission:
    """A form on the page ``source`` that was submitted, and the visit that this request made."""

    visit: Visit
    source: Visit
    form: Form

    @property
    def buttons(self) -> list[Form]:
        """Return the buttons that may have been pressed, as they send what was sent."""
        sent = self.visit.form or self.visit.query
        names = {name for name, _value in sent}
        return [
            each
            for each in self.form["buttons"]
            if (names >= {*names_sent_by(each)} if each["type"] == "image" else (each["name"], each["value"]) in sent)
        ]

    @property
    def pressed(self) -> str | dict[str, str] | None:
        """Return the button that was pressed as a profile names it, None if the interface does not see it."""
        if (picture := next((each for each in self.buttons if each["type"] == "image"), None)) is not None:
            return str(picture["name"])
        sent = dict(self.visit.form or self.visit.query)
        names = [each["name"] for each in self.form["buttons"] if each["name"]]
        name = next((each for each in names if each in sent), None)
        return name if name is None or names.count(name) == 1 else {"name": name, "value": sent[name]}

    @property
    def has_doubles(self) -> bool:
        """Whether other forms of the page look the same, and go elsewhere or send something else: one for each row."""
        return has_doubles(self.form, self.source.forms, look_of_form)

    @property
    def pressed_has_doubles(self) -> bool:
        """Whether other buttons look like the one that was pressed, and send something else or go elsewhere."""
        return any(has_doubles(each, self.form["buttons"], look_of_button) for each in self.buttons)

    def without(self, name: str) -> RecordedSubmission:
        """Return the submission without the controls of this name."""
        controls = [each for each in self.form["controls"] if each["name"] != name]
        return replace(self, form={**self.form, "controls": controls})


@dataclass
class BrowsingHistory:
    """All visits of the recorded interface, in the order of the recording. ``base`` is the path of its own address."""

    base: str
    visits: list[Visit]
    left_out: list[str] = field(default_factory=list)
    _submissions: dict[int, RecordedSubmission | None] = field(default_factory=dict)

    @cached_property
    def _sources(self) -> dict[str, dict[int, tuple[Visit, list[Form]]]]:
        """The visits with forms that go to each path, by number, and these forms."""
        found: dict[str, dict[int, tuple[Visit, list[Form]]]] = {}
        for visit in self.visits:
            for form in visit.forms:
                for path in {split_address(each).path for each in actions_of(form)}:
                    found.setdefault(path, {}).setdefault(visit.number, (visit, []))[1].append(form)
        return found

    @cached_property
    def _by_url(self) -> dict[str, list[Visit]]:
        found: dict[str, list[Visit]] = {}
        for visit in self.visits:
            found.setdefault(visit.url, []).append(visit)
        return found

    @cached_property
    def _entries(self) -> dict[int, Visit]:
        """The first visit of the redirects that ended at each visit, by the number of that one."""
        found: dict[int, Visit] = {}
        for each in self.visits:
            if each.redirects_to is not None and not each.writes and each.own:
                found.setdefault(self.landing(each).number, each)
        return found

    @cached_property
    def answers(self) -> frozenset[int]:
        """The numbers of the visits that answered changes, also by redirects."""
        return frozenset(self.landing(each).number for each in self.visits if each.writes)

    def submission(self, visit: Visit) -> RecordedSubmission | None:
        """Return the form whose submission led to ``visit``, from the latest page that has a fitting one; or None.

        Of several pages of one path, such as of a list, it is the latest on which the hidden fields had what was sent.
        """
        if visit.number not in self._submissions:
            self._submissions[visit.number] = self._find(visit)
        return self._submissions[visit.number]

    def _find(self, visit: Visit) -> RecordedSubmission | None:
        if not visit.writes and not visit.query:
            return None
        best: RecordedSubmission | None = None
        for source, forms in reversed(self._sources.get(split_address(visit.url).path, {}).values()):
            if source.number >= visit.number or (best is not None and source.path != best.source.path):
                continue
            form = min((each for each in forms if fits(each, visit)), key=partial(difference, visit), default=None)
            if form is not None and not difference(visit, form)[0]:
                return RecordedSubmission(visit, source, form)
            best = best or (RecordedSubmission(visit, source, form) if form is not None else None)
        return best

    def landing(self, visit: Visit) -> Visit:
        """Return the visit at which the redirects after ``visit`` end."""
        at: Visit | None = visit
        while at is not None:
            visit, later = at, self._by_url.get(at.redirects_to or "", ())
            at = next((each for each in later if each.number > visit.number), None)
        return visit

    def entry(self, visit: Visit) -> Visit:
        """Return the first visit of the redirects that ended at ``visit``, which is what a person opened."""
        return self._entries.get(visit.number, visit)

    def searches(self, visit: Visit, name: str) -> bool:
        """Whether a parameter in the address of a page is a text that somebody typed into a form that leads there."""
        shown = self._sources.get(split_address(visit.url).path, {}).values()
        forms = (form for source, every in shown if source.number < visit.number for form in every)
        controls = (each for form in forms if form["method"].lower() == "get" for each in form["controls"])
        return any(each["name"] == name and each["type"] in ("text", "search", "email") for each in controls)

    def fetched(self, submission: RecordedSubmission) -> Visit:
        """Return a visit at which a GET shows the submitted form: not a page that answered a POST."""
        if not submission.source.writes:
            return submission.source
        same = [each for each in self.visits if not each.writes and shows_form(each, submission.form)]
        before = (each for each in reversed(same) if each.number < submission.visit.number)
        return next(before, same[0] if same else submission.source)


def is_number(text: str) -> bool:
    """Whether a number in YAML is sent as the same text: not with a zero before it."""
    return re.fullmatch(r"0|[1-9][0-9]{0,17}", text) is not None


def shows_form(visit: Visit, form: Form) -> bool:
    """Whether a page shows ``form``, possibly with other values."""
    return any(is_same_form(form, each) for each in visit.forms)


def is_same_form(one: Form, other: Form) -> bool:
    """Whether two forms go to the same path with the same fields and buttons."""
    return _outline(one) == _outline(other)


def _outline(form: Form) -> tuple[str, set[str], list[str]]:
    names = {each["name"] for each in form["controls"]}
    return split_address(form["action"]).path, names, [each["label"] for each in form["buttons"]]


def read_history(recording: Recording, base_path: str | None = None) -> BrowsingHistory:
    """Read every page of the interface in ``recording``. Raise :class:`BadInput` if there is none.

    ``base_path`` is the path of the interface's own address, by default the folder that all pages share.
    """
    left_out: list[str] = []
    with_content = [each for each in recording.exchanges if each.response_body]
    main = main_origin(with_content) if with_content else "https://recording/"
    pages = [each for each in recording.exchanges if same_interface(each.url, main) and _may_be_page(each)]
    paths = [split_address(each.url).path for each in pages]
    shared = posixpath.commonpath([posixpath.dirname(each) or "/" for each in paths or "/"])
    base = base_path if base_path is not None else shared
    base = "/" + base.strip("/") + "/" if base.strip("/") else "/"
    visits, shown = [], False
    for visit in (_visit(each, main, base) for each in recording.exchanges if _may_be_page(each)):
        try:
            shown = (_has_content(visit) and visit.own) or shown
            visits.append(visit)
        except UnexpectedPage as error:
            left_out.append(f"{visit.method} {split_address(visit.url).path}: {error}")
    if not shown:
        raise BadInput(
            f"base_path: the recording has no page below {base!r}"
            if base_path is not None and with_content
            else "the recording contains no page and no JSON response with its content",
            advice="Record again and export the HAR with content (Chrome: Export HAR with sensitive data).",
        )
    asks = {origin(each.url) for each in visits if not each.own and any(map(asks_for_password, each.forms))}
    left_out += _notes_on_addresses(visits, asks, main, base)
    return BrowsingHistory(base, [each for each in visits if each.own or origin(each.url) in asks], left_out)


def _notes_on_addresses(visits: list[Visit], asks: set[str], main: str, base: str) -> Iterator[str]:
    """Yield what a person should know about the addresses in a recording. ``asks``: the hosts of a sign-in."""
    addresses = sorted({"://".join(split_address(each.url)[:2]) for each in visits if each.own})
    if len(addresses) > 1:
        yield f"the pages are at {' and '.join(addresses)}: the profile expects all of them at one address"
    outside = [each for each in visits if not each.own and same_interface(each.url, main)]
    if outside:
        yield f"requests outside of {base}: {counted(len(outside), 'request')}; choose another base_path to use them"
    other = {origin(each.url) for each in visits if not each.own and each not in outside} - asks
    if other:
        yield f"requests to other hosts: {counted(len(other), 'host')}"


def asks_for_password(form: Form) -> bool:
    """Whether a form asks for one password and the name of an account, and perhaps its domain."""
    shown = [each for each in form["controls"] if each["type"] not in ("hidden", "checkbox", "select", "radio")]
    return len(shown) <= 3 and sum(each["type"] == "password" for each in shown) == 1


def _may_be_page(exchange: RecordedExchange) -> bool:
    kind = (exchange.response_type or "").split(";")[0].strip().lower()
    return exchange.method != "OPTIONS" and not kind.startswith(_NOT_PAGES)


def _has_content(visit: Visit) -> bool:
    if visit.page.kind == "html":
        return any(visit.page.data[part] for part in ("title", "text", "forms", "frames"))
    return visit.page.kind == "json" and visit.page.data is not None


def _visit(exchange: RecordedExchange, main: str, base: str) -> Visit:
    parts = split_address(exchange.url)
    own = same_interface(exchange.url, main) and (parts.path + "/").startswith(base)
    return Visit(
        **{each.name: getattr(exchange, each.name) for each in fields(exchange)},
        path=parts.path.removeprefix(base) if own else f"{parts.scheme}://{parts.netloc}{parts.path}",
        query=query_of(exchange.url),
        own=own,
    )
