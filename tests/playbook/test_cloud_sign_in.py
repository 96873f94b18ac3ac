# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways into a site against a real OpenID provider: form, session file, web storage, tokens, a browser."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from support.playbook import IN_PROCESS_OR_NOT, command, environment
from support.site import Sites, start_sites


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    folder = tmp_path_factory.mktemp("sites")
    made = start_sites(folder, [{"id": "north", "people": 30}])
    made.own = {"printops_site_username": None, "printops_site_password": None}
    yield made
    made.simulation.stop()


@pytest.fixture
def tokens(sites: Sites) -> dict[str, Any]:
    found: dict[str, Any] = sites.simulation.post("oidc/tokens", {"email": sites.account})
    return found


def info(sites: Sites, *tasks: dict[str, Any], **how: Any) -> dict[str, Any]:
    run = sites.play(*(tasks or ({"cloud_site_info": {}},)), arguments=("-vvv",), **how)
    shown = run.output + (run.folder / "results.jsonl").read_text(encoding="utf-8")
    secrets = [item["value"] for item in sites.simulation.get("secrets")]
    assert [secret for secret in secrets if len(secret) >= 8 and secret in shown] == []
    last = run.results[-1]
    return {**last["result"], "failed": last["status"] == "failed"}


def with_token(sites: Sites, **how: Any) -> dict[str, Any]:
    return {"printops_site_issuer": sites.ready["oidc"]["issuer"], "printops_site_client_id": "automation", **how}


# --- form ---


@pytest.mark.slow
def test_a_form_with_the_password_in_a_file(sites: Sites, tmp_path: Path) -> None:
    automation = sites.site()["automation"]
    file = tmp_path / "password"
    file.write_text(automation["password"] + "\n", encoding="utf-8")
    file.chmod(0o600)
    how = {"printops_site_username": automation["email"], "printops_site_password_file": str(file)}
    assert info(sites, **how)["outcome"] == "in_sync"
    wrong = info(sites, **{**how, "printops_site_password_file": None, "printops_site_password": "quite-wrong"})
    assert wrong["outcome"] == "auth_failed"


def test_a_provider_that_is_not_listed_gets_no_password(sites: Sites) -> None:
    automation = sites.site()["automation"]
    how = {"printops_site_username": automation["email"], "printops_site_password": automation["password"]}
    result = info(sites, printops_site_sign_in_hosts=None, **how)
    assert result["failed"]
    assert urlsplit(sites.ready["oidc"]["issuer"]).hostname in result["msg"]
    assert "sign_in_hosts" in result["advice"]


# --- session file ---


@pytest.mark.slow
@pytest.mark.parametrize("form", ["storage_state", "netscape"])
def test_a_session_file_is_used_left_signed_in_and_told_when_it_has_ended(
    sites: Sites, tmp_path: Path, form: str
) -> None:
    path = sites.session_file(tmp_path / "session")
    if form == "netscape":
        cookies = json.loads(path.read_text(encoding="utf-8"))["cookies"]
        lines = [
            "\t".join([each["domain"], "FALSE", "/", "TRUE", "0", each["name"], each["value"]]) for each in cookies
        ]
        path.write_text("# Netscape HTTP Cookie File\n" + "\n".join(lines) + "\n", encoding="utf-8")
    how = {"printops_site_session_file": str(path)}
    found = info(sites, **how)
    assert (found["outcome"], found["sign_in"], found["account"]) == ("in_sync", "session_file", sites.account), found
    assert info(sites, printops_in_process=False, **how)["outcome"] == "in_sync"
    assert len(sites.simulation.get("sessions")["site"]) >= 1
    sites.simulation.post("site/expire_sessions")
    sites.begin()
    ended = info(sites, {"cloud_access": {"declared": found["declared"], "mode": "authoritative"}}, **how)
    assert (ended["failed"], ended["outcome"]) == (True, "auth_failed"), ended
    assert "printops.prisma.sign_in -e cloud=site" in ended["advice"]
    assert sites.writes() == {}


PROFILE = Path(__file__).resolve().parents[2] / "plugins" / "profiles" / "cloud-administration-site.yml"
APPLICATION: dict[str, Any] = {
    # As if the site were an application that keeps its token in web storage.
    **yaml.safe_load(PROFILE.read_text(encoding="utf-8")),
    "headers": {"Authorization": "Bearer ${access_token}"},
    "session": {"storage": {"kind": "session", "key": "auth", "pick": "token", "expires": "expires"}},
}


def storage_file(sites: Sites, path: Path, token: str, *, lasts: float) -> dict[str, Any]:
    """Write a session file that has a token in web storage; return the variables that use it."""
    entry = json.dumps({"token": token, "expires": time.time() + lasts})
    origin = {"origin": sites.ready["url"].rstrip("/"), "sessionStorage": [{"name": "auth", "value": entry}]}
    path.touch(mode=0o600)
    path.write_text(json.dumps({"cookies": [], "origins": [origin]}), encoding="utf-8")
    return {"printops_site_session_file": str(path), "printops_site_profile": APPLICATION}


@pytest.mark.parametrize("in_process", IN_PROCESS_OR_NOT)
def test_a_token_of_web_storage_is_used_until_it_expires(
    sites: Sites, tokens: dict[str, Any], tmp_path: Path, in_process: bool
) -> None:
    how = storage_file(sites, tmp_path / "session.json", tokens["access_token"], lasts=3600)
    found = info(sites, printops_in_process=in_process, **how)
    assert (found["outcome"], found["sign_in"], found["account"]) == ("in_sync", "session_file", sites.account), found
    assert found["session_ends"]
    sites.begin()
    expired = storage_file(sites, tmp_path / "session.json", tokens["access_token"], lasts=-1)
    ended = info(sites, printops_in_process=in_process, **expired)
    assert (ended["failed"], ended["outcome"]) == (True, "auth_failed"), ended
    assert "printops.prisma.sign_in -e cloud=site" in ended["advice"]
    assert sites.asked() == {}


# --- tokens ---


def test_a_refresh_token_rotates_into_its_file_and_an_old_one_is_refused(
    sites: Sites, tokens: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "refresh"
    file.write_text(tokens["refresh_token"], encoding="utf-8")
    file.chmod(0o644)
    how = with_token(sites, printops_site_refresh_token_file=str(file))
    first = info(sites, **how)
    assert (first["outcome"], first["sign_in"]) == ("in_sync", "refresh_token"), first
    kept = file.read_text(encoding="utf-8").strip()
    assert kept != tokens["refresh_token"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert info(sites, check=True, printops_in_process=False, **how)["outcome"] == "in_sync"
    assert file.read_text(encoding="utf-8").strip() not in (kept, tokens["refresh_token"])
    file.write_text(tokens["refresh_token"], encoding="utf-8")
    replayed = info(sites, **how)
    assert replayed["outcome"] == "auth_failed", replayed


def test_a_refresh_token_without_a_file_works_once_and_says_so(sites: Sites, tokens: dict[str, Any]) -> None:
    found = info(sites, **with_token(sites, printops_site_refresh_token=tokens["refresh_token"]))
    assert found["outcome"] == "in_sync", found
    assert any("refresh_token_file" in warning for warning in found["warnings"])


def test_an_access_token_that_expires_during_a_play_is_fetched_anew(
    sites: Sites, tokens: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "refresh"
    file.write_text(tokens["refresh_token"], encoding="utf-8")
    how = with_token(sites, printops_site_refresh_token_file=str(file))
    control = sites.simulation.ready["control"]
    expire = {
        "url": f"{control['url'].rstrip('/')}/site/expire_sessions",
        "method": "POST",
        "status_code": 204,
        "headers": {"Authorization": f"Bearer {control['token']}"},
    }
    since = sites.simulation.last_audit_id()
    found = info(sites, {"cloud_site_info": {}}, {"ansible.builtin.uri": expire}, {"cloud_site_info": {}}, **how)
    assert found["outcome"] == "in_sync", found
    assert len(sites.simulation.audit(since=since, what="refreshed")) == 2


@pytest.mark.slow
def test_a_bearer_token_until_it_expires(sites: Sites, tokens: dict[str, Any]) -> None:
    how = {"printops_site_bearer_token": tokens["access_token"]}
    found = info(sites, {"cloud_user": {"people": ["bearer@example.com"]}}, **how)
    assert (found["failed"], found["outcome"]) == (False, "applied"), found
    sites.simulation.post("site/expire_sessions")
    ended = info(sites, **how)
    assert ended["outcome"] == "auth_failed", ended


# --- a person with a browser ---


@pytest.mark.slow
@pytest.mark.needs_program("chromium")
def test_a_person_signs_in_with_a_browser_and_later_runs_use_the_session(sites: Sites, tmp_path: Path) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    session_file = tmp_path / "session.json"
    given = {
        "cloud": "site",
        "printops_site_url": sites.ready["url"],
        "session_file": str(session_file),
        "headless": True,
        "browser_arguments": [f"--remote-debugging-port={port}"],
        "printops_site_validate_certs": False,  # the browser knows the system's CAs only
        "wait_timeout": 120,
    }
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": {}}}), encoding="utf-8")
    line = command("printops.prisma.sign_in", tmp_path / "hosts.yml", tmp_path, "-e", json.dumps(given))
    run = subprocess.Popen(
        line, cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        _sign_in_as_a_person(sync_api, port, sites)
        output, _error = run.communicate(timeout=120)
    finally:
        run.kill()
    assert run.returncode == 0, output
    assert session_file.stat().st_mode & 0o777 == 0o600
    kept = json.loads(session_file.read_text(encoding="utf-8"))["cookies"]
    assert {cookie["domain"] for cookie in kept} == {urlsplit(sites.ready["url"]).hostname}
    assert all(cookie["value"] not in output for cookie in kept)
    assert info(sites, printops_site_session_file=str(session_file))["outcome"] == "in_sync"


def _sign_in_as_a_person(sync_api: Any, port: int, sites: Sites) -> None:
    automation = sites.site()["automation"]
    with sync_api.sync_playwright() as running:
        for _attempt in range(120):
            try:
                browser = running.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
                page = browser.contexts[-1].pages[0]
                break
            except (sync_api.Error, IndexError):
                time.sleep(0.5)
        else:
            raise AssertionError("the browser did not open")
        page.click("a#sign-in")
        page.fill("form#login input[name=email]", automation["email"])
        page.fill("form#login input[name=password]", automation["password"])
        page.click("form#login button")


def test_without_playwright_it_says_what_to_install(sites: Sites, tmp_path: Path) -> None:
    (tmp_path / "playwright.py").write_text("raise ImportError('not here')\n", encoding="utf-8")
    result = sites.task(
        "sign_in",
        options={"url": sites.ready["url"], "session_file": str(tmp_path / "session.json")},
        env={"PYTHONPATH": f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"},
    )
    assert result["failed"]
    assert f"{sys.executable} -m pip install playwright" in result["advice"]
