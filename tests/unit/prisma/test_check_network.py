# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of check_network: which hosts are checked which way, and what is refused before anything is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.network import NetworkOutcome
from ansible_collections.printops.prisma.plugins.module_utils._prisma import check_network
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.module_utils._web.http.options import ClientOptions
from ansible_collections.printops.prisma.plugins.module_utils._web.http.reach import Reached
from ansible_collections.printops.prisma.plugins.modules.check_network import TASK
from ansible_collections.printops.prisma.plugins.plugin_utils._arguments import valid_arguments
from ansible_collections.printops.prisma.plugins.plugin_utils._cloud_hosts import cloud_hosts, shipped_hosts


def options(**given: Any) -> dict[str, Any]:
    return valid_arguments(TASK.argument_spec(), given, rules=TASK.rules)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> dict[str, NetworkOutcome]:
    """A network in which everything is reachable but what a test puts here, by host, or by ``host via proxy``."""
    found: dict[str, NetworkOutcome] = {}

    def reached(client: ClientOptions, *, issuer: str = "") -> Reached:
        name = client.base_url.split("/")[2].split(":")[0] + (" via proxy" if client.proxy else "")
        return Reached(found.get(name, NetworkOutcome.REACHABLE), issuer="CN=Public CA")

    monkeypatch.setattr(check_network, "reach", reached)
    return found


ROWS = [{"host": "ors.example.com"}, {"host": "b.example.com", "port": 8443, "purpose": "B", "source": "a paper"}]
PROXY = {"proxy_host": "proxy.example.com", "proxy_port": 3128}


def ways(result: dict[str, Any]) -> list[tuple[str, str, bool, str]]:
    return [(each["host"], each["route"], each["needed"], each["outcome"]) for each in result["checks"]]


def test_without_a_proxy_each_host_is_checked_directly(network: dict[str, NetworkOutcome]) -> None:
    result = check_network.run(options(cloud_hosts=ROWS))
    assert ways(result) == [
        ("ors.example.com", "direct", True, "reachable"),
        ("b.example.com", "direct", True, "reachable"),
    ]
    assert (result["outcome"], "failed" in result, result["changed"]) == ("reachable", False, False)


def test_with_a_proxy_the_direct_way_does_not_count(network: dict[str, NetworkOutcome]) -> None:
    """Given a network with one way out, then a blocked direct way is told and fails nothing."""
    network |= {"ors.example.com": NetworkOutcome.BLOCKED, "b.example.com": NetworkOutcome.BLOCKED}
    result = check_network.run(options(cloud_hosts=ROWS, **PROXY))
    assert [(way, needed) for _host, way, needed, _outcome in ways(result)] == [("direct", False), ("proxy", True)] * 2
    assert "failed" not in result
    assert "(not needed, as a proxy is declared)" in result["report"][0]


def test_a_host_that_is_excepted_from_the_proxy_counts_directly(network: dict[str, NetworkOutcome]) -> None:
    network["ors.example.com"] = NetworkOutcome.BLOCKED
    result = check_network.run(options(cloud_hosts=ROWS, proxy_exceptions=["ors.example.com"], **PROXY))
    assert (result["failed"], result["outcome"]) == (True, "blocked")
    assert result["reason"].startswith("1 of 2 checks failed: ors.example.com:443 directly: blocked")
    assert "ors.example.com" in result["advice"]


def test_every_host_that_is_not_reached_is_named(network: dict[str, NetworkOutcome]) -> None:
    """The summary shows the reason alone."""
    network |= {"ors.example.com": NetworkOutcome.BLOCKED, "b.example.com": NetworkOutcome.TIMEOUT}
    reason = check_network.run(options(cloud_hosts=ROWS))["reason"]
    assert reason == ("2 of 2 checks failed: ors.example.com:443 directly: blocked; also b.example.com:8443 (timeout)")


def test_the_hosts_of_tenant_and_site_are_checked_first(network: dict[str, NetworkOutcome]) -> None:
    urls = {"tenant_url": "https://home.example.com/", "site_url": "https://Site.example.com:8443/portal"}
    own = [{"host": "HOME.example.com", "issuer": "Public CA"}]
    checks = check_network.run(options(cloud_hosts=own, **urls))["checks"]
    assert [(each["host"], each["port"], each["source"]) for each in checks] == [
        ("HOME.example.com", 443, "printops_tenant_url"),
        ("site.example.com", 8443, "printops_site_url"),
    ]


def test_each_host_is_judged_by_the_ca_that_is_declared_for_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As the modules of tenant and site do. The CA of printers (printops_ca_path) is none of a cloud's."""
    trusted: dict[str, str | None] = {}

    def reached(client: ClientOptions, *, issuer: str = "") -> Reached:
        trusted[client.base_url.split("/")[2].split(":")[0]] = client.ca_path
        return Reached(NetworkOutcome.REACHABLE, issuer="CN=Public CA")

    monkeypatch.setattr(check_network, "reach", reached)
    files = {name: str(tmp_path / f"{name}.pem") for name in ("tenant", "site", "row")}
    for path in files.values():
        Path(path).touch()
    given = {
        "tenant_url": "https://home.example.com/",
        "site_url": "https://site.example.com/",
        "tenant_ca_path": files["tenant"],
        "site_ca_path": files["site"],
        "cloud_hosts": [{"host": "own.example.com", "ca_path": files["row"]}, {"host": "public.example.com"}],
    }
    assert "warnings" not in check_network.run(options(**given))
    assert trusted == {
        "home.example.com": files["tenant"],
        "site.example.com": files["site"],
        "own.example.com": files["row"],
        "public.example.com": None,
    }
    check_network.run(options(**given, ca_path="/etc/one.pem"))
    assert set(trusted.values()) == {"/etc/one.pem"}
    (warning,) = check_network.run(options(**{**given, "tenant_ca_path": str(tmp_path / "elsewhere.pem")}))["warnings"]
    assert "printops_tenant_ca_path" in warning and "elsewhere.pem" in warning
    assert trusted["home.example.com"] is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"cloud_hosts": [{"host": "https://a.example.com"}]}, "printops_cloud_hosts: 'https://a.example.com' is not"),
        ({"cloud_hosts": [{"host": "user:secret@a.example.com"}]}, "is not the name or address"),
        ({"cloud_hosts": [{"host": "a.example.com", "port": 0}]}, "0 is not a port"),
        ({"cloud_hosts": ROWS, "proxy_host": "http://proxy", "proxy_port": 1}, "proxy_host: 'http://proxy' is not"),
        ({"cloud_hosts": ROWS, "proxy_host": "proxy.example.com"}, "proxy_port"),
        ({"cloud_hosts": ROWS, "timeout": 0}, "timeout is 0"),
        ({"cloud_hosts": ROWS, "jmf": True}, "no host is given"),
        ({"tenant_url": "http://home.example.com"}, "printops_tenant_url is not an https address"),
        ({"tenant_url": "https://[half"}, "printops_tenant_url is not an https address"),
        ({}, "there is no host to check"),
    ],
)
def test_what_cannot_be_is_refused_by_the_name_of_the_variable(given: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said.replace("(", ".")):
        check_network.run(options(**given))


def test_rows_of_ones_own_take_the_place_of_shipped_ones() -> None:
    shipped = shipped_hosts()
    assert shipped and all(row["source"].startswith("docs/domain.md") for row in shipped)
    own = [{"host": str(shipped[0]["host"]).upper(), "port": 443, "issuer": "Public CA"}, {"host": "x", "port": 1}]
    rows = cloud_hosts(own, default_hosts=True)
    assert len(rows) == len(shipped) + 1
    assert rows[0] == own[0]
    assert cloud_hosts(own, default_hosts=False) == own
