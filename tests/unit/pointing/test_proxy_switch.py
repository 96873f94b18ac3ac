# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the proxy is used is a list or a group of radio buttons: read by comparing, and written as its text."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.element import MARKER
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.check import check_profile

from .browsing import OUT, Person
from .test_decisions import decided, drafted

SELECT = '<select name="use"><option value="0"{}>No</option><option value="1"{}>Yes</option></select>'
RADIO = '<input type="radio" name="use" value="0"{}>No<input type="radio" name="use" value="1"{}>Yes'


def page(kind: str, use: str, host: str) -> str:
    word = " selected" if kind is SELECT else " checked"
    shown = kind.format(word if use == "0" else "", word if use == "1" else "")
    return (
        f'<title>Press</title>{OUT}<form name="proxy" action="proxy.cgi" method="post">{shown}'
        f'Host: <input name="host" value="{host}">Port: <input name="port" value="3128"><button name="save">S</button>'
    )


@pytest.mark.parametrize("kind", [SELECT, RADIO], ids=["select", "radio"])
@pytest.mark.parametrize("before", ["0", "1"])
def test_a_switch_that_is_no_check_box(kind: str, before: str) -> None:
    """The text "0" counted as true, and true cannot be filled into a list."""
    person = Person()
    person.reach("read.proxy.fields.enabled")
    html = page(kind, before, "one.example.com")
    person.get("proxy.htm", html)
    on = before == "1"
    old = f'value="{before}"{" selected" if kind is SELECT else " checked"}'
    person.point("proxy.htm", before, kind="control", name="use", marked=html.replace(old, old.replace(before, MARKER)))
    assert person.guide.view()["question"]["choices"] == ["enabled", "disabled"]
    person.guide.answer(0 if on else 1)
    for name in ("host", "port"):
        person.point_at_control("proxy.htm", name)
    person.skip_to("write.set_proxy")
    after = "0" if on else "1"
    for name, value in (("use", after), ("host", "two.example.com")):
        person.type(name, value)
    sent = {"use": after, "host": "two.example.com", "port": "3128", "save": ""}
    person.post("proxy.cgi", sent, status=302, location="proxy.htm")
    person.get("proxy.htm", page(kind, after, "two.example.com"))
    person.done()
    person.skip_to("sign_out")
    person.get("logout.cgi", "<title>Press</title><p>Signed out.</p>")
    person.done()
    fill = decided(person)["write.set_proxy"]["steps"][-1]["fill"]
    assert fill["use"] == {"map": {"true": "1", "false": "0"}, "of": "${enabled}"}
    profile = find_profile(drafted(person).profile, "controller", None)
    report = check_profile(profile, recording=person.capture.recording())
    assert report.operations["write.set_proxy"].ok, report.as_lines()
    assert [each["enabled"] for each in report.operations["read.proxy"].readings] == [on, not on]
