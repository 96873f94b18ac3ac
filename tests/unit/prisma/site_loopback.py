# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small administration site on loopback by the rules of :mod:`unit.decide.access.site_rules`, and tasks on it."""

from __future__ import annotations

import contextlib
import html
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible_collections.printops.prisma.plugins.module_utils._prisma.contract import SITE
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Request, Result, Task, execute
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import build_profile
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import TaskStore
from ansible_collections.printops.prisma.plugins.modules.cloud_access import TASK as ACCESS
from ansible_collections.printops.prisma.plugins.modules.cloud_site_info import TASK as INFO
from ansible_collections.printops.prisma.plugins.modules.cloud_user import TASK as USER
from unit.decide.access.site_rules import LISTS, Refused, Site, same_person
from unit.web.loopback import Answer, Asked, Loopback, serve

ACCOUNT = "automation@example.com"
PASSWORD = "correct horse battery"
SIGN_IN = """<title>Administration</title><form name="login" action="/login" method="post">
<input name="user"><input type="password" name="pass"></form>"""


def _people(path: str, query: dict[str, str] | None = None) -> dict[str, Any]:
    return {
        "steps": [{"get": path, "query": query or {}}],
        "rows": "tables[?id=='people'] | [0].rows",
        "fields": {"email": '"E-mail"', "since": {"pick": "Since", "required": False}},
        "paging": {"next": "links[?id=='next'] | [0].href"},
        "complete": {"total": {"pick": "ids.total", "filters": [{"regex": r"^(\d+) people$"}, "integer"]}},
    }


def _write(path: str, verify: str) -> dict[str, Any]:
    return {
        "steps": [{"send": "POST", "path": path, "form": {"email": "${address}"}, "expect": "ids.said"}],
        "fields": {"message": "ids.said"},
        "verify": verify,
        "problems": [{"when": 'ids."other-site"', "outcome": "owned_by_other", "text": 'ids."other-site"'}],
    }


def profile_source() -> dict[str, Any]:
    """The profile of this site, to be changed by a test."""
    return {
        "schema": 1,
        "id": "loopback-site",
        "interface": "site",
        "title": "Loopback",
        "evidence": {"kind": "simulated", "note": "a test"},
        "match": {"steps": [{"get": ""}], "signs": [{"when": "title == 'Administration'", "points": 1}], "enough": 1},
        "sign_in": {
            "method": "form",
            "steps": [
                {"submit": "forms[?name=='login'] | [0]", "fill": {"user": "${username}", "pass": "${password}"}}
            ],
            "check": [{"get": ""}],
            "signed_in": "ids.site",
            "refused": "forms[?name=='login']",
        },
        "sign_out": {"steps": [{"get": "logout"}]},
        "session_ended": {"when": "forms[?name=='login']"},
        "read": {
            "account": {
                "steps": [{"get": ""}],
                "fields": {"email": {"pick": "ids.account", "required": False}, "site": "ids.site"},
            },
            **{name: _people(f"people/{name}") for name in LISTS},
            **{f"find_{name}": _people(f"people/{name}", {"q": "${person}"}) for name in LISTS},
        },
        "write": {
            "add_user": _write("add/user", "find_dashboard"),
            "add_administrator": _write("add/administrator", "find_administrators_invited"),
            **{f"remove_{name}": _write(f"remove/{name}", f"find_{name}") for name in LISTS},
        },
    }


@dataclass
class SiteServer:
    """The site, what it was asked, and what goes wrong. ``override`` may answer in its place."""

    rules: Site = field(default_factory=Site)
    size: int = 3
    account: str = ACCOUNT
    sessions: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    override: Callable[[Asked], Answer | None] = lambda asked: None
    after_write: Callable[[Asked], Answer | None] = lambda asked: None

    def __post_init__(self) -> None:
        self.rules.add_administrator(ACCOUNT)
        self.rules.first_sign_in(ACCOUNT)
        self.rules.add_administrator("second@example.com")
        self.rules.first_sign_in("second@example.com")

    def answer(self, asked: Asked) -> Answer:
        taken_over = self.override(asked)
        if taken_over is not None:
            return taken_over
        parts = urlsplit(asked.path)
        path = parts.path.strip("/").split("/")
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        if path == ["login"]:
            if form["pass"] != PASSWORD:
                return _html(SIGN_IN)
            self.sessions.add("s1")
            return Answer(303, {"Location": "/", "Set-Cookie": "sid=s1; Path=/"})
        if asked.headers.get("cookie", "").removeprefix("sid=") not in self.sessions:
            return _html(SIGN_IN)
        if path == ["logout"]:
            self.sessions.clear()
            return _html("bye")
        if path[0] == "people":
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            return self._list(path[1], query)
        if path[0] in ("add", "remove"):
            answer = self._change(path[0], path[1], form["email"])
            return self.after_write(asked) or answer
        return _html(f'<p id="account">{self.account}</p><p id="site">north</p>')

    def _list(self, name: str, query: dict[str, str]) -> Answer:
        wanted = same_person(query["q"]) if "q" in query else None
        shown = [each for who, each in sorted(self.rules.lists[name].items()) if wanted in (None, who)]
        page = int(query.get("page", 1))
        rows = "".join(
            f"<tr><td>{html.escape(each)}</td><td>2026-11-21</td></tr>"
            for each in shown[(page - 1) * self.size : page * self.size]
        )
        onward = f'<a id="next" href="/people/{name}?page={page + 1}">Next</a>' if page * self.size < len(shown) else ""
        return _html(
            f'<p id="total">{len(shown)} people</p>{onward}'
            f'<table id="people"><tr><th>E-mail</th><th>Since</th></tr>{rows}</table>'
        )

    def _change(self, what: str, where: str, address: str) -> Answer:
        if same_person(address) in self.elsewhere:
            return _html(f'<p id="other-site">{address} belongs to another site</p>')
        try:
            if what == "remove":
                self.rules.remove(where, address)
            else:
                (self.rules.add_user if where == "user" else self.rules.add_administrator)(address)
        except Refused as error:
            return _html(f"<h1>{error}</h1>")
        return _html(f'<p id="said">done for {address}</p>')


def _html(text: str) -> Answer:
    return Answer(200, {"Content-Type": "text/html; charset=utf-8"}, text.encode())


@dataclass
class SiteBench:
    """A site that answers, and tasks on it."""

    site: SiteServer
    server: Loopback
    ca_path: str
    source: dict[str, Any] = field(default_factory=profile_source)
    begin_changes: Callable[[Result], bool] = lambda result: False
    access: ClassVar[Task] = ACCESS
    user: ClassVar[Task] = USER
    info: ClassVar[Task] = INFO
    both: ClassVar[list[str]] = ["dashboard", "remote_match"]
    first_list: ClassVar[str] = "dashboard"
    adding: ClassVar[str] = "/add/user"
    lists_path: ClassVar[str] = "/people/dashboard"

    def run(self, task: Task, *, check: bool = False, **options: Any) -> dict[str, Any]:
        """Run a module's task with these options, as its action would."""
        usual = {
            "url": self.server.url,
            "username": ACCOUNT,
            "password": PASSWORD,
            "ca_path": self.ca_path,
            "timeout": 10,
            "retries": 1,
        }
        checked = ModuleArgumentSpecValidator(task.argument_spec(), **task.rules).validate({**usual, **options})
        assert checked.error_messages == []
        request = Request(
            options=checked.validated_parameters,
            profile=build_profile(self.source, SITE),
            printer="localhost",
            store=TaskStore(),
            check_mode=check,
            diff_mode=True,
            begin_changes=self.begin_changes,
        )
        return execute(task, request)

    def declared(self, *people: str | tuple[str, list[str]], **more: Any) -> dict[str, Any]:
        """Declare both administrators and these people, as users of applications (both by default)."""
        administrators = [{"email": who, "applications": self.both} for who in (ACCOUNT, "second@example.com")]
        users = []
        for one in people:
            who, names = (one, self.both) if isinstance(one, str) else one
            users.append({"email": who, "applications": names})
        return {"mode": "authoritative", "administrators": administrators, "users": users, **more}

    def put(self, who: str, shown: str | None = None, names: list[str] | None = None) -> None:
        """Have a person on these lists (both by default)."""
        for name in self.both if names is None else names:
            self.site.rules.lists[name][who] = who if shown is None else shown

    def names(self, who: str) -> set[str]:
        """Return the lists that a person is on."""
        return {name for name, people in self.site.rules.lists.items() if who in people}

    def take(self, who: str, asked: Asked) -> None:
        """Take a person off what a removal was meant for."""
        self.site.rules.lists[asked.path.rsplit("/", 1)[1]].pop(same_person(who), None)

    def address_in(self, asked: Asked) -> str:
        """Return the address that a request is about."""
        return parse_qs(asked.body.decode())["email"][0]

    def accept(self) -> Answer:
        """Answer as if a change had been done."""
        return _html('<p id="said">done</p>')

    def nobody(self) -> Answer:
        """Answer a search that finds nobody."""
        return _html('<p id="total">0 people</p><table id="people"><tr><th>E-mail</th><th>Since</th></tr></table>')

    @property
    def writes(self) -> list[str]:
        """What was asked to change something, in order."""
        return [
            f"{asked.path.strip('/')} {parse_qs(asked.body.decode())['email'][0]}"
            for asked in self.server.asked
            if asked.method == "POST" and asked.path != "/login"
        ]

    def reads(self) -> list[str]:
        """The pages of lists that were read, in order."""
        return [asked.path for asked in self.server.asked if asked.path.startswith("/people/")]


@contextlib.contextmanager
def site_bench(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[SiteBench]:
    """Serve a site until the block ends."""
    site = SiteServer()
    with serve(site.answer, server_tls) as server:
        yield SiteBench(site, server, ca_path)
