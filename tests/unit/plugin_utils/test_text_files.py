# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that ansible-vault has encrypted: declared people, profile, session, secrets; with the password and without."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.printops.prisma.plugins.module_utils._prisma.cloud_account import open_cloud, secret_of
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Request
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.module_utils._web.session.session_file import read_session_file
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import TaskStore
from ansible_collections.printops.prisma.plugins.modules.cloud_user import TASK as USER
from ansible_collections.printops.prisma.plugins.plugin_utils._access_file import read_access_file
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import SHIPPED, find_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._text_files import VaultReader

SECRETS: Any = [("default", VaultSecret(b"made-up vault password"))]


@pytest.fixture
def reader() -> VaultReader:
    loader = DataLoader()
    loader.set_vault_secrets(SECRETS)
    return VaultReader(loader)


def encrypted(path: Path, text: str) -> str:
    path.write_bytes(VaultLib(SECRETS).encrypt(text.encode()))
    return str(path)


def request(read: VaultReader | None = None, **options: Any) -> Request:
    usual = {"url": "https://site.example.com", "people": ["jo@example.com"]}
    given = ModuleArgumentSpecValidator(USER.argument_spec()).validate({**usual, **options}).validated_parameters
    profile = find_profile("cloud-administration-site", "site")
    made = Request(given, profile, "site", TaskStore())
    if read is not None:
        made.read_text = read
    return made


def test_declared_people_are_read(tmp_path: Path, reader: VaultReader) -> None:
    path = encrypted(tmp_path / "access.yml", "administrators: []\nusers: [jo@example.com]\n")
    assert read_access_file(path, reader)["users"] == ["jo@example.com"]
    assert reader.decrypted == {path}


def test_the_lines_of_an_encrypted_file_are_those_of_its_text(tmp_path: Path, reader: VaultReader) -> None:
    path = encrypted(tmp_path / "access.yml", "administrators: []\nusers: [jo]\n")
    with pytest.raises(BadInput, match=r"access\.yml:2: users\[0\]"):
        read_access_file(path, reader)


def test_a_profile_is_read_and_not_kept_as_one_that_anyone_may_read(tmp_path: Path, reader: VaultReader) -> None:
    path = encrypted(tmp_path / "own.yml", (SHIPPED / "sra-remote-ui.yml").read_text(encoding="utf-8"))
    assert find_profile(path, "controller", read=reader).id == "own"
    with pytest.raises(BadInput, match="ansible-vault"):
        find_profile(path, "controller")


def test_a_session_file_is_read(tmp_path: Path, reader: VaultReader) -> None:
    cookie = {"name": "sid", "value": "made-up", "domain": "site.example.com", "path": "/", "expires": -1}
    path = encrypted(tmp_path / "session.json", json.dumps({"cookies": [cookie]}))
    profile = find_profile("cloud-administration-site", "site")
    session = read_session_file(path, "https://site.example.com/", profile, read=reader)
    assert [one.value for one in session.cookies] == ["made-up"]


@pytest.mark.parametrize("name", ["password", "client_secret", "refresh_token", "bearer_token"])
def test_secrets_are_read(tmp_path: Path, reader: VaultReader, name: str) -> None:
    path = encrypted(tmp_path / "secret", "made-up secret\n")
    assert secret_of(request(reader, **{f"{name}_file": path}), name) == "made-up secret"


def test_an_encrypted_refresh_token_is_not_replaced_by_a_plain_one(tmp_path: Path, reader: VaultReader) -> None:
    path = tmp_path / "token"
    options = {"refresh_token_file": encrypted(path, "old"), "issuer": "https://id.example.com", "client_id": "ansible"}
    asked = request(reader, **options)
    session = open_cloud(asked)
    before = path.read_bytes()
    session._method.keep("new")  # type: ignore[union-attr]
    assert path.read_bytes() == before
    assert "that is not encrypted" in asked.result.warnings[-1]
    assert "new" in asked.capabilities


@pytest.mark.parametrize("secrets", [[], [("default", VaultSecret(b"another password"))]])
def test_without_the_password_the_message_names_ansible_vault_and_no_ciphertext(
    tmp_path: Path, secrets: list[Any]
) -> None:
    loader = DataLoader()
    loader.set_vault_secrets(secrets)
    path = Path(encrypted(tmp_path / "access.yml", "administrators: []\nusers: []\n"))
    for read in (lambda: read_access_file(path, VaultReader(loader)), lambda: read_access_file(path)):
        with pytest.raises(BadInput, match="ansible-vault") as caught:
            read()
        assert path.read_text().splitlines()[1][:20] not in f"{caught.value}{caught.value.advice}"


def test_a_module_that_runs_by_itself_names_ansible_vault(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="ansible-vault"):
        secret_of(request(password_file=encrypted(tmp_path / "password", "made-up")), "password")


def test_a_file_that_is_not_encrypted_is_read_as_it_is(tmp_path: Path, reader: VaultReader) -> None:
    (tmp_path / "plain").write_text("$ANSIBLE_VAULTED is no header\n", encoding="utf-8")
    assert reader(str(tmp_path / "plain")).startswith("$ANSIBLE_VAULTED")
    assert reader.decrypted == set()
