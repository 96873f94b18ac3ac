# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person meets at the web interface of an SRA controller."""

from __future__ import annotations

import os
from pathlib import Path

import httpx
import pytest

from .conftest import Simulator


def test_pages_of_a_person_who_has_signed_in(simulator: Simulator) -> None:
    browser = simulator.browser("plain-1")
    assert "<frameset" in browser.get("")
    assert browser.value("top.htm", "user") == "-"
    assert "frmLogin" in browser.get("device.htm")
    assert "<frameset" in browser.sign_in()
    assert browser.value("top.htm", "user") == "Administrator"
    assert f"<td>{simulator.printer('plain-1')['serial']}</td>" in browser.get("device.htm")
    assert browser.value("ors.htm", "orsState") == "connected"
    assert "msg-logged-out" in browser.get("logout.cgi")
    assert "frmLogin" in browser.get("device.htm")
    assert simulator.audit("plain-1") == ["sign_in", "sign_out"]
    assert "plain-1" not in simulator.control("GET", "sessions")["printers"]


def test_a_viewer_reads_and_does_not_write(simulator: Simulator) -> None:
    browser = simulator.browser("per-user")
    browser.sign_in("viewer")
    assert browser.value("ors.htm", "orsState") == "not connected"
    assert "msg-no-access" in browser.get("register.htm")
    assert "msg-no-access" in browser.post("login.htm", "register.cgi", op="register")
    browser.sign_in()
    assert browser.value("ors.htm", "orsState") == "connected"


def test_a_printer_that_shows_a_link_and_no_qr_code(simulator: Simulator) -> None:
    """domain.md, "Registering a printer in PRISMA Home", 8: the manual treats it like an error text."""
    browser = simulator.browser("no-code")
    browser.sign_in()
    assert browser.address().startswith("https://")
    page = browser.get("register.htm")
    assert ("qr.png" in page, "QR code" in page) == (False, False)
    assert browser.client.get("registration/qr.png").status_code == 404


def test_a_proxy_tab_without_user_password_and_exceptions(simulator: Simulator) -> None:
    """domain.md, "Interfaces": they are named nowhere, so a release may lack them."""
    browser = simulator.browser("plain-tab")
    browser.sign_in()
    page = browser.get("proxy.htm")
    assert ("pxHost" in page, "pxPort" in page) == (True, True)
    assert [name for name in ("pxUser", "pxPass", "pxExcept") if name in page] == []
    proxy = {"host": "proxy.example.com", "port": 3128, "user": "sent-all-the-same", "password": "sent-too"}
    assert "have been saved" in browser.save_proxy(proxy)
    set_now = simulator.control("GET", "printers/plain-tab")["proxy"]
    assert (set_now["host"], set_now["user"], set_now["password"]) == ("proxy.example.com", "", "")


def test_wrong_hidden_token_ends_at_the_sign_in_page(simulator: Simulator) -> None:
    browser = simulator.browser("plain-1")
    browser.get("login.htm")
    answer = browser.client.post("login.cgi", data={"sectok": "wrong", "uname": "Administrator", "upass": "x"}).text
    assert "no longer valid" in answer
    assert "sign_in_refused" not in simulator.audit("plain-1")


def test_account_is_locked_after_refused_sign_ins(simulator: Simulator) -> None:
    browser = simulator.browser("plain-2")
    answers = [browser.sign_in(password="wrong") for _attempt in range(5)]
    assert all("is not correct" in answer for answer in answers[:4])
    assert "msg-locked" in answers[4]
    assert "msg-locked" in browser.sign_in()
    assert simulator.audit("plain-2").count("sign_in_refused") == 6
    assert "account_locked" in simulator.audit("plain-2")


def test_forced_change_of_password(simulator: Simulator) -> None:
    browser = simulator.browser("expired-password")
    assert "frmPassword" in browser.sign_in()
    assert "frmPassword" in browser.get("device.htm")
    old = browser.accounts["administrator"]["password"]
    browser.post("top.htm", "password.cgi", oldpw=old, newpw="a new one", reppw="a new one")
    assert browser.value("top.htm", "user") == "Administrator"


def test_session_limit_and_second_writer(simulator: Simulator) -> None:
    first, second = simulator.browser("plain-3"), simulator.browser("plain-3")
    first.sign_in()
    second.sign_in()
    first.save_proxy({"host": "127.0.0.1", "port": 1})
    assert "msg-busy" in second.save_proxy({"host": "127.0.0.1", "port": 2})
    first.get("logout.cgi")
    assert "have been saved" in second.save_proxy({"host": "127.0.0.1", "port": 2})
    for _attempt in range(3):
        simulator.browser("plain-3").sign_in()
    assert "msg-session-limit" in simulator.browser("plain-3").sign_in()


def test_session_ends_by_its_timer(simulator: Simulator) -> None:
    browser = simulator.browser("plain-4")
    browser.sign_in()
    simulator.control("POST", "clock", json={"advance": 601})
    assert "frmLogin" in browser.get("top.htm")
    simulator.control("POST", "clock", json={"offset": 0})


def test_french_says_enregistrer_for_save_and_for_register(simulator: Simulator) -> None:
    browser = simulator.browser("french-1")
    browser.sign_in()
    assert browser.value("ors.htm", "orsState") == "connecté"
    assert 'value="Enregistrer"' in browser.get("proxy.htm")
    assert 'value="Enregistrer"' in browser.get("register.htm")
    assert browser.value("register.htm", "regState") == "non enregistré"


def test_ors_follows_the_proxy_that_is_set(simulator: Simulator) -> None:
    browser = simulator.browser("behind")
    browser.sign_in()
    assert browser.value("ors.htm", "orsState") == "non connecté"
    assert ">échoué<" in browser.post("proxy.htm", "connectivity.cgi", op="test")
    saved = browser.save_proxy(simulator.ready["proxy"])
    assert simulator.ready["proxy"]["password"] not in saved
    assert ">défini<" in saved
    assert browser.value("ors.htm", "orsState") == "non connecté"
    browser.wait_for("ors.htm", "orsState", "connecté")
    assert ">réussi<" in browser.post("proxy.htm", "connectivity.cgi", op="test")
    browser.save_proxy({**simulator.ready["proxy"], "password": "wrong"})
    assert ">échoué<" in browser.post("proxy.htm", "connectivity.cgi", op="test")
    ors = simulator.ready["ors"]["url"].removeprefix("https://")
    log = Path(simulator.ready["proxy"]["log"])
    for _attempt in range(50):
        if f"CONNECT {ors}" in log.read_text():
            break
        browser.get("ors.htm")
    assert f"CONNECT {ors}" in log.read_text()
    changes = simulator.control("GET", "audit", params={"subject": "behind", "what": "proxy_changed"})["lines"]
    assert [line["after"]["password"] for line in changes] == ["set", "set"]


def test_broken_ors_gives_an_error_in_the_place_of_the_link(simulator: Simulator) -> None:
    for name, text in (("down", "Error while registering"), ("broken", "Erreur lors de l&#39;enregistrement")):
        browser = simulator.browser(name)
        browser.sign_in()
        browser.post("register.htm", "register.cgi", op="register")
        browser.wait_for("register.htm", "regState", "error" if name == "down" else "erreur")
        assert f'<span class="error">{text}</span>' in browser.get("register.htm")
        assert browser.client.get("registration/qr.png").status_code == 404


def test_closed_port_and_strange_certificate(simulator: Simulator) -> None:
    with pytest.raises(httpx.ConnectError, match=r"refused|111"):
        simulator.browser("closed").get("")
    with pytest.raises(httpx.ConnectError, match="self-signed"):
        simulator.browser("stranger").get("")


def test_ready_file_is_for_its_owner_only(simulator: Simulator) -> None:
    folder = Path(simulator.ready["ca"]).parents[2]
    assert os.stat(folder / "ready.json").st_mode & 0o777 == 0o600
