# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is found in an inventory: a table of misspelt names and wrong values, and what is no fault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.module_utils._decide.inventory_faults import InventoryFault
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.spec import ROLE
from ansible_collections.printops.prisma.plugins.plugin_utils._inventory.check import default_addresses
from ansible_collections.printops.prisma.plugins.plugin_utils._inventory.origin import WrittenAt, typed_at
from support.templating import option, templar
from unit.plugin_utils.inventory.inventories import RIGHT, faults_of, read

SERIOUS = [
    # what a printer or all printers declare, and what the fault says
    ('printops_serail: "1"', "did you mean printops_serial?"),
    ("printops_pasword: x", "did you mean printops_password?"),
    ("printops_tls_fingerprnt: [a]", "did you mean printops_tls_fingerprint?"),
    ("printops_tenant_usrname: x", "did you mean printops_tenant_username?"),
    ("printops_site_sesion_file: x", "did you mean printops_site_session_file?"),
    ("onboard_prxy: {host: h}", "did you mean onboard_proxy?"),
    ("onboard_aplications: {}", "did you mean onboard_applications?"),
    ("onboard_takeover: true", "did you mean onboard_take_over?"),
    ("onboard_password: x", "did you mean printops_password?"),
    ("printops_proxy: {host: h}", "did you mean onboard_proxy?"),
    ("printops_Serial: x", "did you mean printops_serial?"),
    ("printops_port: abc", "printops_port"),
    ("printops_port: 70000", "printops_port 70000 is not a port"),
    ("printops_timeout: soon", "printops_timeout"),
    ("printops_timeout: 0", "printops_timeout) is 0.0, but must be more than 0"),
    ("printops_timeout: .nan", "printops_timeout) is nan, but must be a number of seconds"),
    ("printops_retries: -1", "printops_retries) is -1, but cannot be less than 0"),
    ("printops_validate_certs: perhaps", "printops_validate_certs"),
    ("printops_tls_minimum: '1.4'", "printops_tls_minimum"),
    ("printops_tenant_url: home.example.com", "'home.example.com' is not an https address"),
    ("printops_profile: sra-remote-iu", "sra-remote-ui"),
    ("printops_profile: prisma-home", "printops_profile: the profile 'prisma-home' describes an interface of kind"),
    ("printops_host: https://press.our-company.org/", "is not the name or address of a host"),
    ("printops_host: 'press-01:8443'", "holds a port"),
    ("onboard_inventory_check: wran", "did you mean 'warn'?"),
    ("onboard_fail_on: [lockd]", "did you mean 'locked'?"),
    ("onboard_proxy: {prot: 3128}", "did you mean 'port'?"),
    ("onboard_proxy: {host: h, port: https}", "onboard_proxy"),
    ("onboard_proxy: {host: px.our-company.org}", "onboard_proxy.port must be set for a proxy"),
    ("onboard_proxy: {port: 3128}", "onboard_proxy.host must be set for a proxy"),
    ("onboard_proxy: {host: px, port: 70000}", "onboard_proxy.port 70000 is not a port"),
    ("onboard_applications: {prismalytics-dashboard: yess}", "onboard_applications.prismalytics-dashboard is 'yess'"),
    ("onboard_at_once: 0", "onboard_at_once is 0, but must be 1 or more"),
    ("onboard_processes: -1", "onboard_processes is -1, but must be 0 or more"),
    ("onboard_assign_licences: -1", "onboard_assign_licences is -1, but must be 0 or more"),
    ("onboard_clock_tolerance: -1", "onboard_clock_tolerance is -1.0, but must be 0 or more"),
    ("onboard_serial: 5x", "onboard_serial is '5x', but must be a number of printers or a percentage"),
    ("onboard_serial: [1, all]", "onboard_serial is 'all', but must be a number"),
    ("onboard_serial: 1,5%", "onboard_serial is '1,5%', but must be a number"),
    ("printops_tls_fingerprint: ['AA:BB']", "printops_tls_fingerprint: 'AA:BB' is not a SHA-256 fingerprint"),
    ("printops_site_tls_fingerprint: ['AA:BB']", "is not a SHA-256 fingerprint"),
    ("printops_ciphers: [NONE-OF-THESE]", "OpenSSL knows none of"),
    ("printops_ca_path: /dev/null", "printops_ca_path"),
    ("printops_http_proxy: 'socks://h:1080'", "printops_http_proxy: The proxy's address cannot be used"),
    ("printops_tenant_username: u@our-company.org", "username is given, but neither password nor password_file"),
    ("printops_site_client_id: x", "the profile cloud-administration-site has no client credentials"),
    ("onboard_viewer: {username: v}", "password"),
    ("onboard_applications: {prismalytic-dashboard: true}", "did you mean prismalytics-dashboard?"),
    ("onboard_clock_zone: Europe/Zurch", "'Europe/Zurch' is not known"),
    ("onboard_wait_sleep: long", "onboard_wait_sleep"),
    ("onboard_mode: blk", "onboard_mode is set in the inventory"),
    ("onboard_mode: blk", "did you mean 'bulk'?"),
    ("onboard_serial: [1]", "Set it with -e onboard_serial=…"),
    ("printops_domain: '{{ vault_domain }}'", "printops_domain has no value"),
    ("printops_domain: '{{ vault_domain }}'", "is group_vars/all/vault.yml there?"),
    ("printops_tenant_username: jo@our-company.org", "printops_tenant_url is missing"),
    ("printops_host: lab.example.com", "printops_host is still the example's: 'lab.example.com'"),
    ("printops_host: 192.0.2.17", "printops_host is still the example's: '192.0.2.17'"),
    ("printops_tenant_url: https://home.example.com/", "'https://home.example.com/' (home.example.com exists in doc"),
    ("printops_tenant_sign_in_hosts: [login.example.com]", "printops_tenant_sign_in_hosts is still the example's"),
    ("printops_tenant_sign_in_hosts: [https://login.our-company.org/]", "is not the name or address of a host"),
    ("printops_site_sign_in_hosts: [login.our-company.org/path]", "'login.our-company.org/path' is not the name"),
    ("printops_web_sign_in_hosts: ['login.our-company.org:https']", "is not the name or address of a host"),
    ("printops_address_hosts: ['home.our-company.org:443']", "without a port"),
    ("printops_cloud_hosts: [{host: 'https://ors.our-company.org', port: 443}]", "printops_cloud_hosts: 'https:"),
    ("onboard_proxy: {host: 'http://proxy.our-company.org', port: 3128}", "onboard_proxy.host: 'http:"),
    ("onboard_proxy: {host: proxy.example.com, port: 3128}", "onboard_proxy is still the example's: 'proxy"),
    ("onboard_viewer: {username: v, password: change-me}", "onboard_viewer is still the example's: 'change-me'"),
    ("printops_site_username: automation@example.com", "'automation@example.com' (example.com exists in documentation"),
    ("printops_tenant_url: https://jo:word@home.example.com/", "is still the example's: 'https://home.example.com/' ("),
    ("printops_tenant: change-me", "printops_tenant is still the example's: 'change-me'. Set it to your own."),
    ("printops_host: printer.invalid", "printops_host is 'printer.invalid', which cannot exist"),
    ("onboard_proxy: {host: proxy.invalid, port: 3128}", "onboard_proxy is 'proxy.invalid', which cannot exist"),
]
"""Variables of all printers with a serious fault."""

SERIALS = [
    ("0730012345", True, "0730012345 without quotes, which YAML reads as 123737317"),
    ("7.30012e+08", True, "which YAML reads as 730012000.0"),
    ("2026-11-26", True, "printops_serial"),
    ("0x2B82F0F5", True, "which YAML reads as 730001653"),
    ("yes", True, "yes without quotes, which YAML reads as True"),
    ("730012345", False, "printops_serial is a number without quotes"),
]
"""How a serial number is written in YAML, whether that is serious, and what the fault says."""


def faults(tmp_path: Path, text: str, **options: Any) -> list[InventoryFault]:
    path = tmp_path / "inventory.yml"
    path.write_text(text, encoding="utf-8")
    read.cache_clear()
    return faults_of(path, **options)


def with_variable(line: str) -> str:
    return f"{RIGHT}    {line}\n"


def test_a_right_inventory_has_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, RIGHT) == []


@pytest.fixture(scope="module")
def all_cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An inventory with a group of two printers for each line of the table."""
    path = tmp_path_factory.mktemp("cases") / "inventory.yml"
    groups = [
        with_variable(line).replace("printers:", f"case_{number}:").replace("press", f"press-{number}")
        for number, (line, _said) in enumerate(SERIOUS)
    ]
    path.write_text("".join(groups), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("number", "said"),
    [(number, said) for number, (_line, said) in enumerate(SERIOUS)],
    ids=[line for line, _said in SERIOUS],
)
def test_misspelt_names_and_wrong_values_are_serious(all_cases: Path, number: int, said: str) -> None:
    found = faults_of(all_cases, pattern=f"case_{number}")
    assert any(fault.serious and said in f"{fault.what}. {fault.advice}" for fault in found), found
    assert all(len(fault.hosts) == 2 for fault in found), "once for all hosts"


ACCOUNTS = [
    ({"username": "u@our-company.org", "password": "", "password_file": None}, "neither password nor password_file"),
    ({"username": "u@our-company.org", "bearer_token": "x"}, "several methods to sign in to PRISMA Home are given"),
    ({"username": "u@our-company.org", "password": "p", "password_file": "f"}, "both password and password_file"),
    ({"refresh_token": "t"}, "a refresh token needs issuer and client_id as well"),
    ({"client_id": "x", "client_secret": "s"}, "the profile prisma-home has no client credentials"),
    (
        {"username": "u@our-company.org", "password": "p", "profile": "prisma-home-application"},
        "the profile prisma-home-application has no sign-in with user name and password",
    ),
]
"""How a tenant is signed in to, and why no printer could be claimed with it."""


@pytest.mark.parametrize(("account", "said"), ACCOUNTS, ids=[said for _account, said in ACCOUNTS])
def test_an_account_of_a_cloud_that_no_task_could_use(tmp_path: Path, account: dict[str, str], said: str) -> None:
    place = "    printops_tenant: alpha\n    printops_tenant_url: https://home.our-company.org/\n"
    text = (
        RIGHT + place + "".join(f"    printops_tenant_{name}: {json.dumps(value)}\n" for name, value in account.items())
    )
    (fault,) = [fault for fault in faults(tmp_path, text) if fault.serious]
    assert said in fault.what
    assert fault.hosts == ("press-01", "press-02"), "once for all hosts"


def test_the_table_is_long_enough() -> None:
    assert len({line for line, _said in SERIOUS}) + len(SERIALS) >= 40


@pytest.mark.parametrize(("written", "serious", "said"), SERIALS)
def test_serial_numbers_without_quotes(tmp_path: Path, written: str, serious: bool, said: str) -> None:
    (fault,) = faults(tmp_path, RIGHT.replace('"730012302"', written))
    assert (fault.serious, fault.hosts) == (serious, ("press-02",))
    assert said in fault.what
    assert fault.where.endswith("inventory.yml:5")


def test_a_serial_number_in_an_inventory_of_lines_needs_no_quotes(tmp_path: Path) -> None:
    path = tmp_path / "hosts"
    lines = ("a printops_serial=730012345", "b printops_serial=0730012345", "[all:vars]", "printops_username=u")
    path.write_text("\n".join([*lines, "printops_password=a-password", ""]), encoding="utf-8")
    assert faults_of(path) == []


@pytest.mark.parametrize(
    "line",
    ["printops_port: 70000", '"printops_port" : 70000  # a comment', "printops_timeout: 0", "printops_port: 0x11170"],
)
def test_a_number_has_a_line_too(tmp_path: Path, line: str) -> None:
    """ansible-core before 2.19 keeps the places of texts only."""
    (fault,) = faults(tmp_path, with_variable(line))
    assert fault.serious
    assert fault.where.endswith("inventory.yml:9")


@pytest.mark.parametrize("line", ["printops_port:\n      70000", "printops_port: !!int 70000"])
def test_a_number_that_is_not_beside_its_name_has_no_wrong_line(tmp_path: Path, line: str) -> None:
    (fault,) = faults(tmp_path, with_variable(line))
    assert fault.where == "" or fault.where.endswith((":9", ":10"))


def test_a_line_that_has_another_value_does_not_say_how_a_number_was_typed(tmp_path: Path) -> None:
    """Ansible numbers the lines of an encrypted file as they are when it is decrypted."""
    path = tmp_path / "encrypted.yml"
    path.write_text("$ANSIBLE_VAULT;1.1;AES256\n6330373232\n012\n", encoding="utf-8")
    assert [typed_at(WrittenAt(str(path), line, 1), 10) for line in (1, 2, 3, 4)] == ["", "", "012", ""]


def test_of_two_places_of_a_variable_none_is_named_that_has_another_value(tmp_path: Path) -> None:
    own = '{printops_serial: "730012302", printops_port: 70000}'
    text = with_variable("printops_port: 443").replace('{printops_serial: "730012302"}', own)
    (fault,) = faults(tmp_path, text)
    assert fault.hosts == ("press-02",)
    assert fault.where == "" or fault.where.endswith("inventory.yml:5")


def test_a_fault_names_file_and_line(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, with_variable("printops_serail: x"))
    assert fault.where.endswith("inventory.yml:9")
    assert fault.text(2).startswith(fault.where)


def test_a_password_of_the_example_is_found_where_it_was_typed(tmp_path: Path) -> None:
    """Given a password that stands for a variable of the vault, then that variable is named, with its line."""
    text = RIGHT.replace('"a-long-password"', '"{{ vault_printops_password }}"')
    text += "    vault_printops_password: Change-Me\n"
    (fault,) = faults(tmp_path, text)
    assert (fault.serious, fault.hosts) == (True, ("press-01", "press-02"))
    assert fault.what == "vault_printops_password is still the example's: 'Change-Me'"
    assert fault.where.endswith("inventory.yml:9")
    assert fault.advice.startswith("Set it to your own, and encrypt the file that has it: ansible-vault encrypt ")


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("printops_tenant_username: automation@example.com", "Set it to your own."),
        ("onboard_viewer: {username: v, password: change-me}", "Set it to your own, and encrypt the file that has it"),
    ],
)
def test_only_a_secret_is_to_be_encrypted(tmp_path: Path, line: str, advice: str) -> None:
    found = [fault for fault in faults(tmp_path, with_variable(line)) if "the example's" in fault.what]
    assert [fault.advice.partition(":")[0] for fault in found] == [advice]


def test_an_encrypted_file_is_edited_with_ansible_vault(tmp_path: Path) -> None:
    path = tmp_path / "vault.yml"
    path.write_text("$ANSIBLE_VAULT;1.1;AES256\n6330373232\n", encoding="utf-8")
    assert WrittenAt(str(path), 2).is_encrypted
    path = tmp_path / "plain.yml"
    path.write_text("a: b\n", encoding="utf-8")
    assert not WrittenAt(str(path), 1).is_encrypted


def test_an_address_that_cannot_exist_is_not_the_example_s(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, RIGHT.replace("press-01", "press-99.invalid"))
    assert fault.what == "1 host has an address that cannot exist, as names that end in .invalid lead nowhere"


def test_a_password_that_names_a_host_of_the_example_is_not_shown(tmp_path: Path) -> None:
    secrets = ("printops_tenant_password: x@my.example", "onboard_proxy: {host: h, port: 1, password: x@my.example}")
    assert faults(tmp_path, with_variable("\n    ".join(secrets))) == []


def test_printers_of_the_example_are_one_fault_with_the_line_of_the_first(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, RIGHT.replace("press-01", "press-01.example.com").replace("press-02", "192.0.2.2"))
    assert fault.serious
    assert fault.what == "2 hosts have an address that is still the example's and exists in documentation only"
    assert fault.where.endswith("inventory.yml:4")
    own = RIGHT.replace('"730012301"', '"730012301", printops_host: 10.0.0.1')
    assert faults(tmp_path, own.replace("press-01", "press-01.example.com")) == [], (
        "the name of a host is not its address"
    )


def test_faults_that_are_not_serious(tmp_path: Path) -> None:
    text = with_variable("printops_colour: blue") + "    printop_serial: x\n    printops_ca_path: /does/not/exist.pem\n"
    found = faults(tmp_path, text.replace('{printops_serial: "730012302"}', "{}"))
    assert [fault.serious for fault in found] == [False] * 4
    texts = " ".join(fault.what for fault in found)
    for said in (
        "printops_colour is no variable of this collection",
        "printop_serial is no variable of this collection, so it has no effect: did you mean printops_serial?",
        "printops_ca_path is /does/not/exist.pem, which is not there",
        "printops_serial is missing for 1 host",
    ):
        assert said in texts


def test_variables_of_the_inventory_s_own_are_no_fault(tmp_path: Path) -> None:
    used = 'printops_domain: "{{ printops_domains.north }}"'
    assert faults(tmp_path, with_variable(used) + "    printops_domains: {north: office}\n") == []
    assert faults(tmp_path, with_variable("printops_domains: {}"), own=["printops_domains"]) == []
    declared = "    onboard_own_variables: [printops_domains]\n"
    assert faults(tmp_path, with_variable("printops_domains: {}") + declared) == []
    other = "colour: blue\n    onboard__private: 1\n    site_serial: 2\n    printer_serial: 3\n    ansible_port: 22"
    assert faults(tmp_path, with_variable(other)) == []


def test_printers_that_are_there_twice(tmp_path: Path) -> None:
    text = RIGHT.replace('"730012302"', '" 730012301", printops_host: PRESS-01')
    found = faults(tmp_path, text)
    assert [fault.serious for fault in found] == [True, True]
    assert "2 hosts have the same printops_serial, 730012301" in found[0].what
    assert "2 hosts have the same address, https://press-01:443/" in found[1].what
    gateway = RIGHT.replace('"730012301"', '"730012301", printops_host: gateway, printops_base_path: /a')
    assert faults(tmp_path, gateway.replace('2"', '2", printops_host: gateway, printops_base_path: /b')) == []


def test_missing_credentials_are_named_with_the_number_of_hosts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = RIGHT.replace("    printops_username: automation\n", "").replace(
        '"730012301"', '"730012301", printops_username: u'
    )
    (fault,) = faults(tmp_path, text)
    assert fault.serious
    assert fault.what == "printops_username is missing for 1 host"
    assert "-e onboard_hosts=GROUP" in fault.advice
    monkeypatch.setenv("PRINTOPS_USERNAME", "automation")
    assert faults(tmp_path, text) == []


def test_a_misspelt_variable_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRINTOPS_PASWORD", "x")
    monkeypatch.setenv("PRINTOPS_CI_JOB", "x")
    (fault,) = faults(tmp_path, RIGHT)
    assert "did you mean PRINTOPS_PASSWORD?" in fault.what


def test_hosts_of_a_sign_in_may_have_a_port(tmp_path: Path) -> None:
    hosts = "['127.0.0.3:34079', '[2001:db9::1]:8443', '2001:db9::1', login.our-company.org]"
    assert faults(tmp_path, with_variable(f"printops_tenant_sign_in_hosts: {hosts}")) == []


def test_a_secret_is_in_no_fault_and_a_lookup_is_not_run(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    wrong = RIGHT.replace('"a-long-password"', f"\"{{{{ lookup('pipe', 'touch {marker}') }}}}\"")
    assert faults(tmp_path, wrong + "    printops_tenant_password: hidden-secret\n") == []
    assert not marker.exists()
    secret = "onboard_proxy: {host: h, port: x, password: hidden-secret}"
    assert "hidden-secret" not in str(faults(tmp_path, with_variable(secret)))


@pytest.mark.parametrize(
    ("own", "extra", "said"),
    [
        ("vault", {}, "is files for press-01, and vault for press-02"),
        ("none", {}, "is files for press-01, and none for press-02"),
        ("files", {}, ""),
        ("files", {"awx_job_id": 7}, "is none for press-01, and files for press-02"),
        ("none", {"awx_job_id": 7}, ""),
    ],
)
def test_all_printers_of_a_run_keep_their_addresses_in_one_way(
    tmp_path: Path, own: str, extra: dict[str, Any], said: str
) -> None:
    """Given one printer with a value of its own, then it is compared with the default that the others have."""
    text = RIGHT.replace('"730012302"', f'"730012302", onboard_addresses: {own}')
    text += "".join(f"    {name}: {value}\n" for name, value in extra.items())
    found = faults(tmp_path, text)
    assert [fault.serious for fault in found] == [True] * bool(said)
    assert said in "".join(fault.what for fault in found)


@pytest.mark.parametrize("job", [{}, {"awx_job_id": 1}, {"tower_job_id": 1}], ids=str)
def test_the_default_is_that_of_the_role(job: dict[str, Any]) -> None:
    text = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8"))["onboard_addresses"]
    assert default_addresses(job) == option(templar(**job), text)


def test_what_comes_with_e_is_of_no_host(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, with_variable("printops_serail: x"), extra={"printops_serail": "x"})
    assert fault.hosts == ()


def test_a_value_that_hosts_share_is_one_fault(tmp_path: Path) -> None:
    hosts = "\n".join(f'    press-{number:03}: {{printops_serial: "{number}"}}' for number in range(3, 400))
    text = with_variable("printops_port: abc").replace("  vars:", f"{hosts}\n  vars:")
    (fault,) = faults(tmp_path, text)
    assert len(fault.hosts) == 399
    assert "(all 399 hosts)" in fault.text(399)
