# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""web_read and web_write on an interface that only its profile describes: inputs, expected values, diff, proof."""

from __future__ import annotations

import html
import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible_collections.printops.prisma.plugins.module_utils._prisma.contract import OTHER
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import (
    Request,
    Task,
    execute,
    run_redacted,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import build_profile
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import TaskStore
from ansible_collections.printops.prisma.plugins.modules.web_read import TASK as READ
from ansible_collections.printops.prisma.plugins.modules.web_write import TASK as WRITE
from unit.web.loopback import Answer, Asked, Loopback, serve

PASSWORD = "correct horse battery"
LOGIN = "<title>Queues</title><form name=login action=/login method=post><input name=user><input name=pass></form>"


def profile_source() -> dict[str, Any]:
    users = "tables[?id=='users'] | [0].rows"
    return {
        "schema": 1,
        "id": "our-queues",
        "interface": "other",
        "title": "Queues",
        "evidence": {"kind": "recorded", "note": "a test"},
        "redact": ["pin"],
        "match": {"steps": [{"get": ""}], "signs": [{"when": "title == 'Queues'", "points": 1}], "enough": 1},
        "sign_in": {
            "method": "form",
            "steps": [{"submit": "forms[0]", "fill": {"user": "${username}", "pass": "${password}"}}],
            "signed_in": "ids.account == '${username}'",
            "refused": "forms[?name=='login']",
        },
        "sign_out": {"steps": [{"get": "logout"}]},
        "session_ended": "forms[?name=='login']",
        "read": {
            "queue": {
                "inputs": ["name"],
                "steps": [{"get": "queues/${name}"}],
                "fields": {"location": "fields.Location", "copies": {"pick": "fields.Copies", "filters": ["integer"]}},
            },
            "users": {
                "steps": [{"get": "users"}],
                "rows": users,
                "fields": {"done": '"E-mail"', "pin": {"pick": "PIN", "required": False}},
                "complete": {"total": {"pick": "ids.total", "filters": ["integer"]}},
            },
        },
        "write": {
            "set_queue": {
                "inputs": ["name", "location", "copies"],
                "steps": [
                    {"get": "queues/${name}"},
                    {"submit": "forms[0]", "fill": {"location": "${location}", "copies": "${copies}"}},
                ],
                "verify": "queue",
            },
            "add_user": {
                "inputs": ["done", "host", "pin"],
                "steps": [{"send": "POST", "path": "users", "form": {"who": "${done}", "pin": "${pin}"}}],
                "fields": {"said": "ids.said"},
                "verify": "users",
            },
            "remove_user": {
                "inputs": ["self"],
                "steps": [
                    {"get": "users"},
                    {"submit": "forms[0]", "row": {"of": users, "where": {"E-mail": "${self}"}}},
                ],
                "verify": "users",
            },
            "restart": {"steps": [{"send": "POST", "path": "restart", "json": {}}]},
        },
    }


@dataclass
class QueueServer:
    """Queues and users. ``heeds``: whether it does what it is asked; ``lost``: answers to writes that get lost."""

    queues: dict[str, dict[str, str]] = field(default_factory=lambda: {"a b": {"location": "Hall 2", "copies": "1"}})
    users: dict[str, str] = field(default_factory=lambda: {"bob@example.com": "", "ob@example.com": ""})
    heeds: bool = True
    takes: list[str] | None = None
    """Whom a removal removes, if not the one that is named."""
    lost: int = 0
    says: str = "<p id=said>done</p>"
    restarts: int = 0
    signed_in: str = ""

    def answer(self, asked: Asked) -> Answer:
        path = unquote(urlsplit(asked.path).path).strip("/")
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        if path == "login" and form["pass"] == PASSWORD:
            self.signed_in = form["user"]
            head = {"Set-Cookie": "sid=1; Path=/", "Content-Type": "text/html"}
            return Answer(200, head, f"<p id=account>{self.signed_in}</p>".encode())
        if "cookie" not in asked.headers or path in ("", "login"):
            return page(LOGIN)
        if asked.method == "POST":
            if self.heeds:
                self._change(path, form)
            if self.lost:
                self.lost -= 1
                return Answer(drop=True)
            return page(self.says)
        if path == "users":
            remove = (
                '<form method=post action=/remove><input type=hidden name=who value="{0}"><button>x</button></form>'
            )
            rows = "".join(f"<tr><td>{who}<td>{pin}<td>{remove.format(who)}</tr>" for who, pin in self.users.items())
            total = f"<p id=total>{len(self.users)}</p>"
            return page(f"{total}<table id=users><tr><th>E-mail<th>PIN<th></tr>{rows}</table>")
        queue = self.queues.get(path.removeprefix("queues/"))
        if queue is None:
            return Answer(404, {"Content-Type": "text/html"}, b"<h1>No such queue</h1>")
        return page(
            f'<form action="/{html.escape(path)}" method=post>'
            f'<label>Location: <input name=location value="{queue["location"]}"></label>'
            f'<label>Copies <input name=copies value="{queue["copies"]}"></label></form>'
        )

    def _change(self, path: str, form: dict[str, str]) -> None:
        if path == "users":
            self.users[form["who"]] = form.get("pin", "")
        elif path == "remove":
            for who in [form["who"]] if self.takes is None else self.takes:
                del self.users[who]
        elif path == "restart":
            self.restarts += 1
        else:
            self.queues[path.removeprefix("queues/")] = form


def page(text: str) -> Answer:
    return Answer(200, {"Content-Type": "text/html; charset=utf-8"}, text.encode())


@dataclass
class Web:
    """An interface that answers, and tasks on it."""

    site: QueueServer
    server: Loopback
    ca_path: str
    source: dict[str, Any] = field(default_factory=profile_source)

    def run(self, task: Task, *, check: bool = False, **options: Any) -> dict[str, Any]:
        usual = {"url": self.server.url, "username": "admin", "password": PASSWORD, "ca_path": self.ca_path}
        more = {"profile": self.source, "timeout": 10, "retries": 0}
        checked = ModuleArgumentSpecValidator(task.argument_spec(), **task.rules).validate({**usual, **more, **options})
        assert checked.error_messages == []
        request = Request(
            options=checked.validated_parameters,
            profile=build_profile(self.source, OTHER),
            printer="localhost",
            store=TaskStore(),
            check_mode=check,
            diff_mode=True,
        )
        secrets = {PASSWORD, *map(str, (options.get("secret_inputs") or {}).values())}

        def work() -> dict[str, Any]:
            try:
                return execute(task, request)
            finally:
                secrets.update(request.secrets())

        return run_redacted("localhost", secrets, work)

    @property
    def writes(self) -> list[str]:
        return [asked.path for asked in self.server.asked if asked.method == "POST" and asked.path != "/login"]


@pytest.fixture
def web(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[Web]:
    site = QueueServer()
    with serve(site.answer, server_tls) as server:
        yield Web(site, server, ca_path)


QUEUE = {"name": "a b", "location": "Hall 3", "copies": 2}


def test_a_read_has_the_fields_of_the_profile(web: Web) -> None:
    result = web.run(READ, read="queue", inputs={"name": "a b"})
    assert (result["changed"], result["fields"]) == (False, {"location": "Hall 2", "copies": 1})
    assert result["evidence"] == "recorded"
    listed = web.run(READ, read="users")
    assert ([row["done"] for row in listed["rows"]], listed["total"], listed["pages"]) == (list(web.site.users), 2, 1)


def test_a_read_holds_what_is_expected_or_fails(web: Web) -> None:
    assert "failed" not in web.run(READ, read="queue", inputs={"name": "a b"}, expect={"copies": "1"})
    failed = web.run(READ, read="queue", inputs={"name": "a b"}, expect={"copies": 3, "location": "Hall 2"})
    assert failed["reason"] == "queue is not as expected: copies is 1 and not 3"
    assert "failed" not in web.run(READ, read="users", expect={"done": "zoe@example.com"}, state="absent")
    there = web.run(READ, read="users", expect={"done": "ob@example.com"}, state="absent")
    assert there["reason"] == "users is not as expected: a row has done 'ob@example.com'"


def test_a_write_is_done_once_and_proven(web: Web) -> None:
    planned = web.run(WRITE, check=True, write="set_queue", inputs=QUEUE)
    assert (web.writes, web.site.queues["a b"]["location"]) == ([], "Hall 2")
    done = web.run(WRITE, write="set_queue", inputs=QUEUE)
    assert (done["changed"], done["fields"]) == (True, {"location": "Hall 3", "copies": 2})
    assert planned["diff"] == done["diff"]
    assert done["diff"]["before"] == {"location": "Hall 2", "copies": 1}
    assert done["diff"]["after"] == {"location": "Hall 3", "copies": 2}
    again = web.run(WRITE, write="set_queue", inputs=QUEUE)
    assert (again["changed"], "diff" in again, len(web.writes)) == (False, False, 1)


@pytest.mark.parametrize("heeds", [True, False])
def test_neither_a_secret_nor_what_is_in_force_of_it_is_shown(web: Web, heeds: bool) -> None:
    """Given a secret of three characters, which no redaction of texts finds, and one in force."""
    web.site.heeds = heeds
    given: dict[str, Any] = {"inputs": {"name": "a b", "copies": 2}, "secret_inputs": {"location": "xq7"}}
    planned = web.run(WRITE, check=True, write="set_queue", **given)
    assert planned["diff"]["before"] == {"location": "********", "copies": 1}
    assert planned["diff"]["after"] == {"location": "******** (new)", "copies": 2}
    done = web.run(WRITE, write="set_queue", **given)
    assert done.get("failed", False) is not heeds
    for shown in (str(planned), str(done)):
        assert "Hall 2" not in shown
        assert "xq7" not in shown


def test_a_write_that_does_nothing_fails(web: Web) -> None:
    web.site.heeds = False
    result = web.run(WRITE, write="set_queue", inputs=QUEUE)
    assert (result["failed"], result["outcome"]) == (True, "failed")
    assert "was answered, but reading 'queue' back does not show it" in result["msg"]


def test_a_lost_answer_is_read_back_and_not_sent_again(web: Web) -> None:
    web.site.lost = 1
    result = web.run(WRITE, write="set_queue", inputs=QUEUE)
    assert (result["changed"], result["fields"]["location"], len(web.writes)) == (True, "Hall 3", 1)


def test_a_row_is_added_and_removed_whatever_its_inputs_are_called(web: Web) -> None:
    add: dict[str, Any] = {"inputs": {"done": "zoe@example.com", "host": "x"}, "secret_inputs": {"pin": "4711-4711"}}
    added = web.run(WRITE, write="add_user", **add)
    assert (added["changed"], added["answer"]) == (True, {"said": "done"})
    assert "4711-4711" not in json.dumps(added)
    assert web.site.users["zoe@example.com"] == "4711-4711"
    assert web.run(WRITE, write="add_user", **add)["changed"] is False
    gone: dict[str, Any] = {
        "inputs": {"self": "ob@example.com"},
        "expect": {"done": "ob@example.com"},
        "state": "absent",
    }
    removed = web.run(WRITE, write="remove_user", **gone)
    assert (removed["changed"], removed["diff"]["before"], removed["diff"]["after"]) == (
        True,
        {"done": "ob@example.com"},
        {},
    )
    assert list(web.site.users) == ["bob@example.com", "zoe@example.com"]
    assert web.run(WRITE, write="remove_user", **gone)["changed"] is False


@pytest.mark.parametrize("with_it", [True, False])
@pytest.mark.parametrize("lost", [0, 1])
def test_a_removal_that_takes_others_fails_and_names_them(web: Web, with_it: bool, lost: int) -> None:
    """Given a form that removes the neighbour, alone or too, then that is what is reported first."""
    web.site.users["zoe@example.com"] = ""
    web.site.takes = ["bob@example.com", *(["ob@example.com"] if with_it else [])]
    web.site.lost = lost
    gone: dict[str, Any] = {"inputs": {"self": "ob@example.com"}, "expect": {"done": "OB@example.com"}}
    result = web.run(WRITE, write="remove_user", state="absent", **gone)
    assert (result.get("failed"), result["changed"], len(web.writes)) == (True, True, 1), result
    assert "rows that it does not name are gone: done 'bob@example.com'" in result["reason"]
    assert "zoe" not in result["reason"]


@pytest.mark.parametrize("shown", ["Jo@Example.com", "jo@EXAMPLE.com", "JO@example.com"])
def test_another_spelling_is_no_proof_that_somebody_is_not_there(web: Web, shown: str) -> None:
    web.site.users[shown] = ""
    gone: dict[str, Any] = {"inputs": {"self": "jo@example.com"}, "expect": {"done": "jo@example.com"}}
    assert web.run(READ, read="users", expect=gone["expect"], state="absent")["failed"] is True
    web.site.heeds = False
    ignored = web.run(WRITE, write="remove_user", **gone, state="absent")
    assert (ignored.get("failed"), shown in web.site.users) == (True, True), ignored
    web.site.heeds = True
    assert web.run(WRITE, write="remove_user", **gone, state="absent")["changed"] is True
    assert list(web.site.users) == ["bob@example.com", "ob@example.com"]
    assert web.run(WRITE, write="remove_user", **gone, state="absent")["changed"] is False


@pytest.mark.parametrize("expect", [{"pin": "4711"}, {"done": "ob@example.com", "pin": "4711"}])
def test_a_field_that_was_not_read_is_no_proof_that_somebody_is_not_there(web: Web, expect: dict[str, Any]) -> None:
    """Given a list without a column of that name; a row that another field tells apart is not the one in any case."""
    web.source["read"]["users"]["fields"]["pin"]["pick"] = '"Code"'
    for result in (
        web.run(READ, read="users", expect=expect, state="absent"),
        web.run(WRITE, write="remove_user", inputs={"self": "ob@example.com"}, expect=expect, state="absent"),
    ):
        assert (result.get("failed"), web.writes) == (True, []), result
        assert "has no pin" in result["msg"]
    other = {**expect, "done": "zoe@example.com"}
    assert "failed" not in web.run(READ, read="users", expect=other, state="absent")


def test_what_leaves_nothing_to_read_is_sent_each_time_and_never_in_check_mode(web: Web) -> None:
    assert web.run(WRITE, check=True, write="restart", without_proof=True)["changed"] is True
    assert web.site.restarts == 0
    for times in (1, 2):
        assert web.run(WRITE, write="restart", without_proof=True)["changed"] is True
        assert web.site.restarts == times


@pytest.mark.parametrize(
    ("task", "options", "what"),
    [
        (READ, {"read": "quue"}, "has no read 'quue'; it has queue, users"),
        (WRITE, {"write": "set"}, "has no write 'set'; it has add_user, remove_user, restart, set_queue"),
        (READ, {"read": "queue"}, "inputs of the read queue: name is missing"),
        (READ, {"read": "queue", "inputs": {"name": "a", "nam": 1}}, "nam is no input"),
        (READ, {"read": "queue", "inputs": {"name": "a"}, "expect": {"x": 1}}, "the read queue has no field x"),
        (READ, {"read": "queue", "inputs": {"name": "a"}, "state": "absent"}, "reads no list"),
        (WRITE, {"write": "restart"}, "restart of the profile has no verify"),
        (WRITE, {"write": "remove_user", "inputs": {"self": "a"}}, "nothing says what remove_user leads to"),
        (WRITE, {"write": "restart", "without_proof": True, "expect": {"a": 1}}, "expect and without_proof"),
        (WRITE, {"write": "set_queue", "inputs": QUEUE, "secret_inputs": {"name": 1}}, "name is in inputs and in"),
        *(
            (task, {**what, "expect": {"done": blank}, "state": "absent"}, "state: absent, but done is blank")
            for task, what in ((READ, {"read": "users"}), (WRITE, {"write": "remove_user", "inputs": {"self": "a"}}))
            for blank in ("", "  ", None)
        ),
    ],
)
def test_mistakes_are_found_before_anything_is_sent(web: Web, task: Task, options: dict[str, Any], what: str) -> None:
    result = web.run(task, **options)
    assert result["failed"] is True
    assert what in result["msg"]
    assert web.server.asked == []


def test_another_read_may_prove_a_write(web: Web) -> None:
    web.source["write"]["set_queue"].pop("verify")
    done = web.run(WRITE, write="set_queue", inputs=QUEUE, read="queue", expect={"location": "Hall 3"})
    assert (done["changed"], done["diff"]["after"]) == (True, {"location": "Hall 3"})
    web.site.heeds = False
    other = {**QUEUE, "location": "Hall 4"}
    failed = web.run(WRITE, write="set_queue", inputs=other, read="queue", read_inputs={"name": "a b"})
    assert "reading 'queue' back shows: location is 'Hall 3' and not 'Hall 4'" in failed["msg"]


def test_a_wrong_password_and_an_interface_without_a_sign_in(web: Web) -> None:
    assert web.run(READ, read="users", password="wrong")["outcome"] == "auth_failed"
    web.source["sign_in"] = {"method": "none"}
    web.source.pop("session_ended")
    assert web.run(READ, read="users", username=None, password=None)["outcome"] == "failed"  # it shows its sign-in


def test_the_session_of_a_browser_is_used_and_left_open(web: Web, tmp_path: Path) -> None:
    web.source["sign_in"] = {"method": "session", "check": [{"get": "users"}], "signed_in": "ids.total"}
    path = tmp_path / "session.json"
    cookie = {"name": "sid", "value": "made-up-session", "domain": "127.0.0.1", "path": "/", "expires": -1}
    path.write_text(json.dumps({"cookies": [cookie], "origins": []}))
    how: dict[str, Any] = {"read": "users", "session_file": str(path), "username": None, "password": None}
    assert web.run(READ, **how)["total"] == 2
    assert [asked.path for asked in web.server.asked] == ["/", "/users", "/users"]
    both = web.run(READ, **{**how, "username": "admin"})
    assert "username and session_file are both given" in both["msg"]
    path.write_text(json.dumps({"cookies": [], "origins": []}))
    ended = web.run(READ, **how)
    assert ended["failed"] is True
