# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Methods to sign in to a cloud: form at another host, session file, tokens. Against two real servers."""

from __future__ import annotations

import contextlib
import json
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import (
    ForbiddenRedirect,
    SecondFactorDemanded,
    SignInRefused,
    UnexpectedPage,
    Unsupported,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import Client, ClientOptions, make_client
from ansible_collections.printops.prisma.plugins.module_utils._web.http.cookies import Cookie
from ansible_collections.printops.prisma.plugins.module_utils._web.session.methods import (
    BearerToken,
    Method,
    RefreshToken,
    SessionFile,
    check_not_ended,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.session.session import Session
from ansible_collections.printops.prisma.plugins.module_utils._web.session.session_file import StoredSession
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import TaskStore, session_key
from unit.web.loopback import Answer, Asked, Loopback, serve
from unit.web.tiny import LOGIN, PASSWORD, as_json, build, html, profile_source

PROVIDER_FORM = """<title>Provider</title><form name="who" action="/who" method="post">
<input name="mail"><input type="password" name="pw"></form>"""


@dataclass
class World:
    """A site whose sign-in is at a provider on another origin."""

    site: Loopback
    provider: Loopback
    ca_path: str
    store: TaskStore = field(default_factory=TaskStore)
    sessions: set[str] = field(default_factory=lambda: {"from-a-browser"})
    access: set[str] = field(default_factory=lambda: {"access-0"})
    refresh: str = "refresh-0"
    given: int = 0
    asks_for_code: bool = False
    kept: list[str] = field(default_factory=list)
    clients: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    @property
    def provider_host(self) -> str:
        return urlsplit(self.provider.url).netloc

    def session(self, method: Method | None = None, hosts: set[str] | None = None, **source: Any) -> Session:
        made = profile_source()
        made["interface"] = "site"
        made["sign_in"]["steps"] = [
            {"get": "sign-in"},
            {"submit": "forms[?name=='who'] | [0]", "fill": {"mail": "${username}", "pw": "${password}"}},
        ]
        made["sign_in"]["refused"] = "ids.refused || forms[?name=='who']"
        made["sign_in"]["check"] = [{"get": "value"}]
        made["headers"] = source.pop("headers", {})
        made["sign_in"].update(source)
        hosts = {self.provider_host} if hosts is None else hosts
        options = ClientOptions(
            self.site.url, ca_path=self.ca_path, retries=0, timeout=20, sign_in_hosts=frozenset(hosts)
        )
        return Session(
            self.clients.enter_context(make_client(options)),
            build(made),
            key=session_key(self.site.url, "tiny", "admin", "x"),
            account="admin",
            variables={"username": "admin", "password": PASSWORD},
            store=self.store,
            method=method,
        )

    def client_for(self, url: str, hosts: frozenset[str]) -> Client:
        return make_client(ClientOptions(url, ca_path=self.ca_path, retries=0, timeout=20, sign_in_hosts=hosts))

    def refresh_token(self, **how: Any) -> RefreshToken:
        usual: dict[str, Any] = {
            "issuer": self.provider.url.rstrip("/"),
            "client_id": "client",
            "client_secret": None,
            "token": "refresh-0",
            "client_for": self.client_for,
            "keep": self.kept.append,
        }
        return RefreshToken(**{**usual, **how})

    def answer_site(self, asked: Asked) -> Answer:
        path = urlsplit(asked.path).path
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        cookies = dict(item.split("=", 1) for item in asked.headers.get("cookie", "").split("; ") if item)
        if path == "/":
            return html(LOGIN)
        if path == "/sign-in":
            return Answer(302, {"Location": f"{self.provider.url}authorize?state=1"})
        if path == "/callback":
            self.sessions.add("from-a-form")
            return Answer(302, {"Location": "/value", "Set-Cookie": "sid=from-a-form; Path=/"})
        if cookies.get("sid") not in self.sessions and token not in self.access:
            return html(LOGIN)
        if path == "/logout":
            self.sessions.discard(cookies["sid"])
            return html("<p>Bye.</p>")
        return html('<a href="/logout">x</a><p id="value">here</p><p id="state">switched on</p>')

    def answer_provider(self, asked: Asked) -> Answer:
        path, form = urlsplit(asked.path).path, parse_qs(asked.body.decode())
        if path == "/authorize":
            return html(PROVIDER_FORM)
        if path == "/who" and self.asks_for_code:
            return html('<title>Provider</title><form name="code"><input name="digits"></form>')
        if path == "/who" and form["pw"] == [PASSWORD]:
            return Answer(302, {"Location": f"{self.site.url}callback?code=1", "Set-Cookie": "provider=p; Path=/"})
        if path == "/who":
            return html(PROVIDER_FORM)
        if path == "/.well-known/openid-configuration":
            url = self.provider.url
            return as_json({"issuer": url.rstrip("/"), "token_endpoint": f"{url}token"})
        if path == "/token" and form["refresh_token"] == [self.refresh]:
            self.given += 1
            self.refresh = f"refresh-{self.given}"
            self.access = {f"access-{self.given}"}
            return as_json(
                {"access_token": f"access-{self.given}", "token_type": "Bearer", "refresh_token": self.refresh}
            )
        return as_json({"error": "invalid_grant"}, 400)


def _later(made: list[World], name: str) -> Callable[[Asked], Answer]:
    """The server is there before the world that it plays, which needs its address."""

    def answer(asked: Asked) -> Answer:
        found: Answer = getattr(made[0], name)(asked)
        return found

    return answer


@pytest.fixture
def world(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[World]:
    made: list[World] = []
    with (
        serve(_later(made, "answer_site"), server_tls) as site,
        serve(_later(made, "answer_provider"), server_tls) as provider,
    ):
        made.append(World(site, provider, ca_path))
        with made[0].clients:
            yield made[0]


def file(value: str = "from-a-browser", token: str | None = None, ends: float | None = None) -> SessionFile:
    cookies = () if token else (Cookie("sid", value, "127.0.0.1", "/", None),)
    return SessionFile(StoredSession(cookies, token, ends), "Sign in again.")


# --- a form on another host ---


def test_the_form_of_the_provider_is_filled_and_leads_back(world: World) -> None:
    session = world.session()
    assert session.read("value").values["value"] == "here"
    assert [urlsplit(path).path for path in world.provider.paths] == ["/authorize", "/who"]
    assert all(PASSWORD.encode() not in asked.body for asked in world.site.asked)
    assert session.sign_out() is True
    assert "from-a-form" not in world.sessions


def test_a_provider_that_is_not_listed_is_not_followed(world: World) -> None:
    with pytest.raises(ForbiddenRedirect, match="redirects to") as caught:
        world.session(hosts={"login.example.com"}).open()
    provider = urlsplit(world.provider.url).netloc
    assert caught.value.advice.endswith(f"add '{provider}' to the profile's sign_in.hosts.")
    assert world.provider.asked == []


def test_the_password_is_not_sent_to_the_site_itself_where_a_provider_is_listed(world: World) -> None:
    steps = [{"submit": "forms[?name=='login'] | [0]", "fill": {"user": "${username}", "pass": "${password}"}}]
    with pytest.raises(ForbiddenRedirect, match="asks for the password itself"):
        world.session(steps=steps).open()
    assert all(asked.method == "GET" for asked in world.site.asked)


def test_a_second_factor_is_auth_failed_with_the_advice_to_use_a_browser(world: World) -> None:
    world.asks_for_code = True
    with pytest.raises(SecondFactorDemanded, match="second factor") as caught:
        world.session(second_factor="forms[?name=='code']").open()
    assert caught.value.outcome == "auth_failed"
    assert "printops_site_session_file" in caught.value.advice
    assert "printops.prisma.sign_in -e cloud=site" in caught.value.advice
    asked = len(world.provider.asked)
    with pytest.raises(SignInRefused, match="tried only once") as again:
        world.session(second_factor="forms[?name=='code']").open()
    assert (again.value.advice, len(world.provider.asked)) == (caught.value.advice, asked)


def test_an_unknown_page_of_the_provider_may_be_a_second_factor(world: World) -> None:
    world.asks_for_code = True
    with pytest.raises(UnexpectedPage, match="proves neither") as caught:
        world.session().open()
    assert "second factor" in caught.value.advice
    assert "printops_site_session_file" in caught.value.advice


def test_the_provider_is_left_alone_once_signed_in(world: World) -> None:
    session = world.session()
    session.open()
    asked = len(world.provider.asked)
    session.profile.reads["value"].steps[0].__dict__["target"] = "sign-in"  # a page that now leads elsewhere
    with pytest.raises(ForbiddenRedirect):
        session.read("value")
    assert len(world.provider.asked) == asked


# --- a session file ---


def test_a_session_file_is_used_and_left_signed_in(world: World) -> None:
    session = world.session(file())
    assert session.read("value").values["value"] == "here"
    assert session.sign_out() is True
    assert world.sessions == {"from-a-browser"}
    assert world.provider.asked == []


@pytest.mark.parametrize("method", ["session_file", "storage", "bearer_token"])
def test_an_ended_session_is_a_refused_sign_in_with_what_to_do(world: World, method: str) -> None:
    ways: dict[str, Method] = {
        "session_file": file("ended"),
        "storage": file(token="ended"),
        "bearer_token": BearerToken("ended", "Sign in again."),
    }
    with pytest.raises(SignInRefused, match="the session at the administration site has ended") as caught:
        world.session(ways[method]).read("value")
    assert caught.value.advice == "Sign in again."
    with pytest.raises(SignInRefused, match="tried only once") as again:
        world.session(ways[method]).read("value")
    assert again.value.advice == "Sign in again."


def test_a_session_that_ends_in_the_middle_is_told_as_that(world: World) -> None:
    session = world.session(file())
    session.read("value")
    world.sessions.clear()
    with pytest.raises(SignInRefused, match="the session at the administration site has ended"):
        session.read("value")


def test_a_page_that_proves_nothing_is_neither(world: World) -> None:
    session = world.session(file(), signed_in="ids.nothing")
    with pytest.raises(UnexpectedPage, match="proves neither"):
        session.open()


def test_a_profile_without_a_check_takes_no_session(world: World) -> None:
    session = world.session(file(), check=[])
    with pytest.raises(Unsupported, match=r"no sign_in\.check"):
        session.open()


def test_a_session_that_has_expired_is_refused_before_any_request() -> None:
    check_not_ended(file(), "session file x", 1000.0)
    check_not_ended(file(ends=1001.0), "session file x", 1000.0)
    with pytest.raises(SignInRefused, match=r"expired at 1970-01-01T00:16:40Z \(session file x\)") as caught:
        check_not_ended(file(ends=1000.0), "session file x", 1000.0)
    assert caught.value.advice == "Sign in again."


# --- a token of web storage ---


def test_a_token_of_web_storage_goes_into_the_header_that_the_profile_names(world: World) -> None:
    session = world.session(file(token="access-0"), headers={"Authorization": "Bearer ${access_token}"})
    assert session.read("value").values["value"] == "here"
    sent = [asked.headers.get("authorization") for asked in world.site.asked]
    assert sent == [None, "Bearer access-0", "Bearer access-0"]
    assert session.secrets() >= {"access-0"}
    assert session.sign_out() is True
    assert world.access == {"access-0"}


def test_a_token_goes_nowhere_else_where_the_profile_has_a_header_for_it(world: World) -> None:
    session = world.session(file(token="access-0"), headers={"X-Token": "${access_token}"})
    with pytest.raises(SignInRefused):  # this site takes another header
        session.open()
    assert [asked.headers.get("x-token") for asked in world.site.asked] == [None, "access-0"]
    assert all("authorization" not in asked.headers for asked in world.site.asked)


def test_later_tasks_send_the_token_too(world: World) -> None:
    world.session(file(token="access-0")).open()
    later = world.session(file(token="access-0"))
    assert later.read("value").values["value"] == "here"
    assert world.site.asked[-1].headers["authorization"] == "Bearer access-0"


# --- tokens ---


def test_a_bearer_token_goes_with_every_request_but_the_first_look(world: World) -> None:
    session = world.session(BearerToken("access-0", "Sign in again."))
    session.read("value")
    sent = [asked.headers.get("authorization") for asked in world.site.asked]
    assert sent == [None, "Bearer access-0", "Bearer access-0"]
    assert session.secrets() >= {"access-0"}


def test_a_refresh_token_that_rotates_is_kept_before_it_is_used(world: World) -> None:
    session = world.session(world.refresh_token())
    assert session.read("value").values["value"] == "here"
    assert world.kept == ["refresh-1"]
    assert session.secrets() >= {"access-1", "refresh-1"}


def test_an_access_token_that_expires_in_the_middle_is_fetched_anew_with_the_new_refresh_token(world: World) -> None:
    session = world.session(world.refresh_token())
    session.read("value")
    later = world.session(world.refresh_token())  # another task of the run, which was given the first one
    later.open()
    world.access.clear()
    assert later.read("value").values["value"] == "here"
    assert world.kept == ["refresh-1", "refresh-2"]


def test_a_refresh_token_that_was_used_before_is_refused(world: World) -> None:
    world.refresh = "refresh-9"
    with pytest.raises(SignInRefused, match="invalid_grant") as caught:
        world.session(world.refresh_token()).open()
    assert "Sign in again" in caught.value.advice
    assert "refresh-0" not in str(caught.value)
    assert world.kept == []


def test_a_client_with_a_secret_says_it_in_the_header(world: World) -> None:
    world.session(world.refresh_token(client_secret="s&cret")).open()
    assert world.provider.asked[-1].headers["authorization"].startswith("Basic ")
    assert b"s&cret" not in world.provider.asked[-1].body


def test_an_issuer_that_is_another_or_leads_elsewhere_gets_no_token(world: World) -> None:
    def discovered(**data: str) -> None:
        found = json.dumps(data).encode()
        world.answer_provider = lambda asked: Answer(200, {"Content-Type": "application/json"}, found)  # type: ignore[method-assign]

    own = world.provider.url.rstrip("/")
    discovered(issuer="https://other.example.com", token_endpoint=f"{own}/token")
    with pytest.raises(UnexpectedPage, match="calls itself"):
        world.session(world.refresh_token()).open()
    world.store = TaskStore()
    discovered(issuer=own, token_endpoint="https://other.example.com/token")
    with pytest.raises(ForbiddenRedirect):
        world.session(world.refresh_token()).open()
    world.store = TaskStore()
    discovered(issuer=own, token_endpoint=f"http://{world.provider_host}/token")
    with pytest.raises(UnexpectedPage, match="not https"):
        world.session(world.refresh_token()).open()
    world.store = TaskStore()
    discovered(nothing="here")
    with pytest.raises(UnexpectedPage, match="does not say where"):
        world.session(world.refresh_token()).open()
    assert [asked.method for asked in world.provider.asked] == ["GET"] * 4
