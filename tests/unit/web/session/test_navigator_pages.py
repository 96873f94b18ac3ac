# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways through pages: frames, refreshes, pages that make one wait, wizards, and what a request says of its origin."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import (
    BadInput,
    NotReadBack,
    TimedOut,
    TransportError,
    UnexpectedPage,
    Unsupported,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    ClientOptions,
    Deadline,
    Purpose,
    make_client,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import build_steps
from ansible_collections.printops.prisma.plugins.module_utils._web.session.navigator import Navigator
from unit.web.loopback import Answer, Asked, FakeTime, Loopback, serve
from unit.web.tiny import Bench, bench, build, html, profile_source

PAGES = {
    "frames": '<frameset><frame name="top" src="top"><frame name="main" src="inner/main"></frameset>',
    "iframe": '<body><iframe name="main" src="inner/main"></iframe></body>',
    "inner/main": '<title>Inside</title><p id="here">x</p>',
    "refresh": '<meta http-equiv="refresh" content="3; URL=inner/main">',
    "circle": '<meta http-equiv="refresh" content="0;url=circle"><p>Please wait</p>',
    "wizard": '<form name="one" action="two" method="post"><input type="hidden" name="step" value="1"></form>',
    "two": '<form name="two" action="confirm" method="post"><input name="host"></form>',
    "confirm": '<form name="sure" action="done" method="post"><button name="yes" value="1">Yes</button></form>',
    "done": '<p id="done">Saved</p>',
    "json-as-html": '{"a": {"b": 1}}',
    "relative": '{"next": "../top"}',
    "token": '<meta name="csrf-token" content="t0ken"><form action="choose" method="post">'
    '<select name="group" multiple><option selected>staff<option>guests<option>press</select></form>',
}


class Ui:
    """Pages below /ui/; ``waits`` is how often the page busy says so before it is done."""

    def __init__(self) -> None:
        self.waits = 3

    def __call__(self, asked: Asked) -> Answer:
        name = asked.path.removeprefix("/ui/").split("?")[0]
        if name == "busy":
            self.waits -= 1
            if self.waits >= 0:
                return html('<meta http-equiv="refresh" content="7;url=busy"><p>Please wait</p>')
            return html('<p id="done">Ready</p>')
        if name == "moving":
            return Answer(302, {"Location": "/ui/moving"})
        if name in ("relative",):
            return Answer(200, {"Content-Type": "application/json"}, PAGES[name].encode())
        return html(PAGES.get(name, "<p>nothing</p>"))


@pytest.fixture
def server(server_tls: ssl.SSLContext) -> Iterator[Loopback]:
    with serve(Ui(), server_tls) as running:
        yield running


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


def walked(
    server: Loopback, ca_path: str, *steps: dict[str, Any], time: FakeTime | None = None, **more: Any
) -> Navigator:
    time = time or FakeTime()
    deadline = Deadline(1000, clock=time.clock, sleep=time.sleep)
    with make_client(ClientOptions(server.url + "ui/", ca_path=ca_path, retries=0, deadline=deadline)) as client:
        walk = Navigator(client, build(), "write.ring", {"host": "h", "bad": "x", **more})
        walk.run(build_steps(steps, ("write", "ring", "steps"), in_write=True), Purpose.READ)
        return walk


def test_frames_are_followed_by_name(server: Loopback, ca_path: str) -> None:
    for page in ("frames", "iframe"):
        walk = walked(
            server, ca_path, {"get": page}, {"follow": "frames[?name=='main'] | [0].src", "expect": "ids.here"}
        )
        assert walk.page is not None
        assert walk.page.url == server.url + "ui/inner/main"


def test_a_refresh_is_followed(server: Loopback, ca_path: str) -> None:
    walked(server, ca_path, {"get": "refresh"}, {"follow": "refresh.url", "expect": "ids.here"})
    assert server.paths[-1] == "/ui/inner/main"


def test_an_address_is_meant_from_the_page_that_has_it(server: Loopback, ca_path: str) -> None:
    walked(server, ca_path, {"get": "relative"}, {"follow": "next"})
    assert server.paths[-1] == "/top"


def test_a_page_that_makes_one_wait_is_asked_again_as_it_says(server: Loopback, ca_path: str, time: FakeTime) -> None:
    step = {"get": "busy", "repeat": {"until": "ids.done", "most": 5}, "keep": {"said": "ids.done"}}
    walk = walked(server, ca_path, step, time=time)
    assert (time.slept, walk.kept) == ([7.0, 7.0, 7.0], {"said": "Ready"})


def test_or_as_the_profile_says(server: Loopback, ca_path: str, time: FakeTime) -> None:
    follow: dict[str, Any] = {"follow": "refresh.url", "repeat": {"until": "!refresh", "most": 5, "pause": 0.5}}
    walked(server, ca_path, {"get": "busy"}, follow, time=time)
    assert time.slept == [0.5, 0.5]


def test_but_never_without_end(server: Loopback, ca_path: str, time: FakeTime) -> None:
    step = {"get": "circle", "repeat": {"until": "ids.done", "most": 4, "pause": 1}}
    with pytest.raises(TimedOut, match=r"steps\.0 was run 5 times, and must still wait .*ids\.done") as caught:
        walked(server, ca_path, step, time=time)
    assert (len(server.asked), caught.value.may_have_arrived) == (5, False)
    with pytest.raises(TimedOut, match="time for this task is up"):
        walked(server, ca_path, {"get": "circle", "repeat": {"until": "ids.done", "most": 999, "pause": 60}})


def test_a_wait_after_a_write_may_have_been_in_vain(server: Loopback, ca_path: str) -> None:
    steps: list[dict[str, Any]] = [
        {"send": "POST", "path": "x"},
        {"get": "circle", "repeat": {"until": "ids.done", "most": 1, "pause": 1}},
    ]
    with pytest.raises(TimedOut) as caught:
        walked(server, ca_path, *steps)
    assert caught.value.may_have_arrived


def test_redirects_in_a_circle_are_told(server: Loopback, ca_path: str) -> None:
    with pytest.raises(UnexpectedPage, match="redirects in a circle"):
        walked(server, ca_path, {"get": "moving"})
    assert len(server.asked) < 30


def test_a_wizard_is_gone_through_with_a_confirmation_that_is_not_always_asked_for(
    server: Loopback, ca_path: str
) -> None:
    steps: list[dict[str, Any]] = [
        {"get": "wizard"},
        {"submit": "forms[?name=='one'] | [0]", "writes": False},
        {"submit": "forms[?name=='nosuch'] | [0]", "when": "forms[?name=='nosuch']"},
        {"submit": "forms[?name=='two'] | [0]", "fill": {"host": "${host}"}, "writes": False},
        {"submit": "forms[?name=='sure'] | [0]", "press": "yes", "when": "forms[?name=='sure']"},
        {"submit": "forms[?name=='sure'] | [0]", "press": "yes", "when": "forms[?name=='sure']"},
    ]
    walk = walked(server, ca_path, *steps)
    assert [each.body for each in server.asked] == [b"", b"step=1", b"host=h", b"yes=1"]
    assert walk.page is not None
    assert walk.page.data["ids"]["done"] == "Saved"


def test_a_request_says_which_page_it_comes_from_as_a_browser_does(server: Loopback, ca_path: str) -> None:
    steps: list[dict[str, Any]] = [
        {"get": "wizard"},
        {"submit": "forms[0]"},
        {"get": "iframe"},
        {"follow": "frames[0].src"},
        {"send": "PUT", "path": "x"},
        {"send": "PUT", "path": "x", "headers": {"Origin": "null"}},
    ]
    walked(server, ca_path, *steps)
    base = server.url.rstrip("/")
    said = [(each.headers.get("referer"), each.headers.get("origin")) for each in server.asked]
    assert said == [
        (None, None),
        (f"{base}/ui/wizard", base),
        (None, None),
        (f"{base}/ui/iframe", None),
        (f"{base}/ui/inner/main", base),
        (f"{base}/ui/x", "null"),
    ]


def test_an_answer_is_read_as_the_profile_says(server: Loopback, ca_path: str) -> None:
    walk = walked(server, ca_path, {"get": "json-as-html", "read_as": "json", "expect": "a.b"})
    assert walk.page is not None
    assert walk.page.data == {"a": {"b": 1}}


def test_values_are_said_in_the_words_of_the_interface(server: Loopback, ca_path: str) -> None:
    words = {"map": {"true": "on", "false": None, "strict": 2}, "of": "${it}"}
    step = {"send": "POST", "path": "x", "form": {"a": words, "b": True, "c": {"join": ",", "of": "${list}"}}}
    for it, body in ((True, b"a=on&b=true&c=1%2C2"), (False, b"b=true&c=1%2C2"), ("strict", b"a=2&b=true&c=1%2C2")):
        walked(server, ca_path, step, it=it, list=[1, 2])
        assert server.asked[-1].body == body
    with pytest.raises(
        Unsupported, match=r"write\.ring\.steps\.0: the profile has no word for 'no'; it knows false, s"
    ):
        walked(server, ca_path, step, it="no", list=[])


def test_a_token_of_the_page_is_sent_in_a_header(server: Loopback, ca_path: str) -> None:
    keep = {"csrf": 'meta."csrf-token"'}
    send = {"send": "POST", "path": "x", "headers": {"X-CSRF-Token": "${csrf}"}}
    walked(server, ca_path, {"get": "token", "keep": keep}, send)
    assert server.asked[-1].headers["x-csrf-token"] == "t0ken"


def test_what_is_selected_in_a_list_is_changed_and_the_rest_stays(server: Loopback, ca_path: str) -> None:
    for value, body in (
        ({"add": "${it}"}, b"group=staff&group=press"),
        ({"remove": ["staff"], "add": "guests"}, b"group=guests"),
        (["guests", "${it}"], b"group=guests&group=press"),
    ):
        walked(server, ca_path, {"get": "token"}, {"submit": "forms[0]", "fill": {"group": value}}, it="press")
        assert server.asked[-1].body == body


def test_lists_are_sent_once_for_each_item(server: Loopback, ca_path: str) -> None:
    walked(server, ca_path, {"get": "x?page=users", "query": {"a": ["1", "${it}"], "b": None}}, it=2)
    assert server.paths[-1] == "/ui/x?page=users&a=1&a=2"
    walked(server, ca_path, {"send": "POST", "path": "x", "form": {"a": ["1", "${it}"]}}, it=2)
    assert server.asked[-1].body == b"a=1&a=2"


def test_names_of_fields_and_buttons_may_have_values(server: Loopback, ca_path: str) -> None:
    steps: list[dict[str, Any]] = [
        {"get": "confirm"},
        {"submit": "forms[0]", "press": {"name": "${button}", "value": "${it}"}},
    ]
    walked(server, ca_path, *steps, button="yes", it=1)
    assert server.asked[-1].body == b"yes=1"
    walked(server, ca_path, {"get": "two"}, {"submit": "forms[0]", "fill": {"${field}": "h"}}, field="host")
    assert server.asked[-1].body == b"host=h"


def test_a_label_with_its_colon_is_explained(server: Loopback, ca_path: str) -> None:
    with pytest.raises(UnexpectedPage, match="labels stand without the colon at their end"):
        walked(server, ca_path, {"get": "wizard", "expect": 'fields."Host:"'})


def test_words_also_for_keys_that_yaml_reads_as_booleans(server: Loopback, ca_path: str) -> None:
    words = {"map": {"True": "1", "False": "0"}, "of": "${it}"}  # what an unquoted true becomes
    walked(server, ca_path, {"get": "x", "query": {"a": words}}, it=False)
    assert server.paths[-1] == "/ui/x?a=0"


def test_what_nobody_gave_is_told_before_the_request(server: Loopback, ca_path: str) -> None:
    with pytest.raises(BadInput, match=r"nothing was given or kept for the placeholder \$\{gone\}"):
        walked(server, ca_path, {"get": "a/${gone}"})
    assert server.asked == []


# --- a write whose last pages are lost ---


@pytest.fixture
def tiny(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[Bench]:
    with bench(server_tls, ca_path) as made:
        yield made


def two_pages() -> dict[str, Any]:
    source = profile_source()
    source["write"]["set"]["steps"].append({"get": "after"})
    return source


def test_a_page_that_is_lost_after_the_write_is_settled_by_reading_back(tiny: Bench) -> None:
    tiny.device.override = lambda asked: Answer(404) if asked.path == "/after" else None
    _given, reading = tiny.session(two_pages()).write(
        "set", lambda read: read.values["value"] == "new", value="new", on=None
    )
    assert reading is not None
    tiny.device.heeds = False
    tiny.device.override = lambda asked: Answer(drop=True) if asked.path == "/after" else None
    with pytest.raises((TransportError, NotReadBack)):
        tiny.session(two_pages()).write("set", lambda read: read.values["value"] == "newer", value="newer", on=None)
    assert [form["value"] for form in tiny.device.writes] == [["new"], ["newer"]]
