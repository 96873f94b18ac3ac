# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small tenant on loopback by the rules of :mod:`unit.decide.access.tenant_model`, and tasks on its people."""

from __future__ import annotations

import contextlib
import json
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible_collections.printops.prisma.plugins.module_utils._prisma.contract import TENANT
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Request, Task, execute
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import build_profile
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import SessionStore, TaskStore
from ansible_collections.printops.prisma.plugins.modules.home_access import TASK as ACCESS
from ansible_collections.printops.prisma.plugins.modules.home_people_info import TASK as INFO
from ansible_collections.printops.prisma.plugins.modules.home_user import TASK as USER
from unit.decide.access.site_rules import Refused, same_person
from unit.decide.access.tenant_model import APPLICATIONS, Member, Tenant
from unit.web.loopback import Answer, Asked, Loopback, serve

ACCOUNT = "automation@example.com"
SECRET = "correct horse battery"
PERSON_FIELDS = {
    "address": "email",
    "role": "role",
    "state": "state",
    "applications": '[applications[].{id: id, role: role}, `[{"id": "*", "role": "none"}]`][]',
    "since": {"pick": "since", "required": False},
}


def _people(query: dict[str, str]) -> dict[str, Any]:
    return {
        "steps": [{"get": "people", "query": query}],
        "rows": "items",
        "fields": PERSON_FIELDS,
        "paging": {"next": "next", "parameter": "page"},
        "complete": {"total": "total"},
    }


def _write(path: str, *inputs: str) -> dict[str, Any]:
    sent = {"email": "${address}", **{name: f"${{{name}}}" for name in inputs}}
    return {
        "steps": [{"send": "POST", "path": path, "json": sent, "expect": "said || elsewhere"}],
        "fields": {"message": "said"},
        "verify": "find_person",
        "problems": [{"when": "elsewhere", "outcome": "owned_by_other", "text": "elsewhere"}],
    }


def profile_source() -> dict[str, Any]:
    """The profile of this tenant, to be changed by a test."""
    return {
        "schema": 1,
        "id": "loopback-tenant",
        "interface": "tenant",
        "title": "Loopback",
        "evidence": {"kind": "simulated", "note": "a test"},
        "match": {"steps": [{"get": "hello"}], "signs": [{"when": "hello == 'tenant'", "points": 1}], "enough": 1},
        "sign_in": {"method": "client_credentials", "token": "token"},
        "headers": {"Authorization": "Bearer ${access_token}"},
        "session_ended": {"status": 401},
        "read": {
            "whoami": {
                "steps": [{"get": "me"}],
                "fields": {
                    "tenant": "tenant",
                    "account": {"pick": "account", "required": False},
                    "role": {"pick": "role", "required": False},
                },
            },
            "people": _people({}),
            "find_person": _people({"q": "${person}"}),
            "applications": {
                "steps": [{"get": "applications"}],
                "rows": "items",
                "complete": {"total": "length(items)"},
                "fields": {"id": "id", "administrator": "administrator"},
            },
        },
        "write": {
            "invite_person": _write("invite", "role"),
            "set_person_role": _write("role", "role"),
            "set_application_role": _write("application", "application", "role"),
            "remove_person": _write("remove"),
        },
    }


@dataclass
class TenantServer:
    """The tenant, what it was asked, and what goes wrong. ``override`` may answer in its place."""

    rules: Tenant = field(default_factory=Tenant)
    size: int = 3
    account: str = ACCOUNT
    role: str = "administrator"
    tokens: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    override: Callable[[Asked], Answer | None] = lambda asked: None
    after_write: Callable[[Asked], Answer | None] = lambda asked: None

    def __post_init__(self) -> None:
        for address in (ACCOUNT, "second@example.com"):
            self.rules.invite(address, "administrator")
            self.rules.first_sign_in(address)

    def answer(self, asked: Asked) -> Answer:
        taken_over = self.override(asked)
        if taken_over is not None:
            return taken_over
        parts = urlsplit(asked.path)
        path = parts.path.strip("/")
        if path == "hello":
            return _json({"hello": "tenant"})
        if path == "token":
            self.tokens.add("t1")
            return _json({"access_token": "t1", "token_type": "Bearer"})
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return _json({"message": "who is there?"}, 401)
        if path == "me":
            return _json({"tenant": "alpha", "account": self.account or None, "role": self.role})
        if path == "applications":
            return _json({"items": [{"id": name, "administrator": True} for name in APPLICATIONS]})
        if path == "people":
            return self._list(people_query(asked))
        answer = self._change(path, json.loads(asked.body))
        return self.after_write(asked) or answer

    def _list(self, query: dict[str, str]) -> Answer:
        wanted = same_person(query["q"]) if "q" in query else None
        shown = [member for who, member in sorted(self.rules.members.items()) if wanted in (None, who)]
        page = int(query.get("page", 1))
        items = [
            {
                "email": member.shown,
                "role": "administrator" if member.administrator else "employee",
                "state": "active" if member.active else "pending",
                "since": "2026-11-21",
                "applications": [{"id": name, "role": role} for name, role in member.roles.items()],
            }
            for member in shown[(page - 1) * self.size : page * self.size]
        ]
        return _json({"items": items, "total": len(shown), "next": page + 1 if page * self.size < len(shown) else None})

    def _change(self, what: str, given: dict[str, str]) -> Answer:
        address = given["email"]
        if same_person(address) in self.elsewhere:
            return _json({"elsewhere": f"{address} belongs to another tenant"})
        try:
            if what == "invite":
                self.rules.invite(address, given["role"])
            elif what == "role":
                self.rules.set_role(address, given["role"])
            elif what == "application":
                self.rules.set_application_role(address, given["application"], given["role"])
            else:
                self.rules.remove_person(address)
        except Refused as error:
            return _json({"message": str(error)}, 422)
        return _json({"said": f"done for {address}"})


def people_query(asked: Asked) -> dict[str, str]:
    """Return what a request for people asks for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}


def _json(data: Any, status: int = 200) -> Answer:
    return Answer(status, {"Content-Type": "application/json"}, json.dumps(data).encode())


@dataclass
class TenantBench:
    """A tenant that answers, and tasks on its people."""

    site: TenantServer
    server: Loopback
    ca_path: str
    source: dict[str, Any] = field(default_factory=profile_source)
    access: ClassVar[Task] = ACCESS
    user: ClassVar[Task] = USER
    info: ClassVar[Task] = INFO
    both: ClassVar[list[str]] = list(APPLICATIONS[:2])
    first_list: ClassVar[str] = "people"
    adding: ClassVar[str] = "/invite"
    lists_path: ClassVar[str] = "/people"

    def run(self, task: Task, *, check: bool = False, **options: Any) -> dict[str, Any]:
        """Run a module's task with these options, as its action would."""
        return execute(task, self.request(task, TaskStore(), check=check, **options))

    def request(self, task: Task, store: SessionStore, *, check: bool = False, **options: Any) -> Request:
        """Return the request of a task with these options, as one of the run that has this memory."""
        usual: dict[str, Any] = {
            "url": self.server.url,
            "tenant": "alpha",
            "client_id": "automation",
            "client_secret": SECRET,
            "ca_path": self.ca_path,
            "timeout": 10,
            "retries": 1,
        }
        given = {name: value for name, value in {**usual, **options}.items() if value is not None}
        checked = ModuleArgumentSpecValidator(task.argument_spec(), **task.rules).validate(given)
        assert checked.error_messages == []
        return Request(
            options=checked.validated_parameters,
            profile=build_profile(self.source, TENANT),
            printer="localhost",
            store=store,
            check_mode=check,
            diff_mode=True,
        )

    def declared(self, *people: str | tuple[str, list[str]], **more: Any) -> dict[str, Any]:
        """Declare both administrators and these people, as employees with applications (both by default)."""
        found: list[dict[str, Any]] = [
            {"email": who, "role": "administrator", "applications": {}} for who in (ACCOUNT, "second@example.com")
        ]
        for one in people:
            who, names = (one, self.both) if isinstance(one, str) else one
            found.append({"email": who, "applications": dict.fromkeys(names, "user")})
        return {"mode": "authoritative", "people": found, **more}

    def put(self, who: str, shown: str | None = None, names: list[str] | None = None) -> None:
        """Have an active employee with applications (both by default)."""
        roles = dict.fromkeys(self.both if names is None else names, "user")
        self.site.rules.members[who] = Member(who if shown is None else shown, active=True, roles=roles)

    def names(self, who: str) -> set[str]:
        """Return a person's applications."""
        member = self.site.rules.members.get(who)
        return set() if member is None else set(member.roles)

    def take(self, who: str, asked: Asked) -> None:
        """Take a person off what a removal was meant for."""
        self.site.rules.members.pop(who, None)

    @property
    def writes(self) -> list[str]:
        """What was asked to change something, in order."""
        return [
            f"{asked.path.strip('/')} {json.loads(asked.body)['email']}"
            for asked in self.server.asked
            if asked.method == "POST" and asked.path != "/token"
        ]

    def reads(self) -> list[str]:
        """The pages of people that were read, in order."""
        return [asked.path for asked in self.server.asked if asked.path.startswith("/people")]

    def address_in(self, asked: Asked) -> str:
        """Return the address that a request is about."""
        return str(json.loads(asked.body)["email"])

    def nobody(self) -> Answer:
        """Answer a search that finds nobody."""
        return _json({"items": [], "total": 0, "next": None})

    def accept(self) -> Answer:
        """Answer as if a change had been done."""
        return _json({"said": "done"})


@contextlib.contextmanager
def tenant_bench(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[TenantBench]:
    """Serve a tenant until the block ends."""
    tenant = TenantServer()
    with serve(tenant.answer, server_tls) as server:
        yield TenantBench(tenant, server, ca_path)
