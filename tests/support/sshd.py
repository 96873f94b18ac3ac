# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A jump host: an sshd of this user on a free port, with keys of its own. Knows nothing of printers.

Tests that use it are marked ``needs_program("sshd", "ssh")``.
"""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .programs import path_of


@contextmanager
def jump_host(folder: Path) -> Generator[dict[str, Any]]:
    """Run an sshd in ``folder`` and yield the variables by which Ansible reaches it, except the interpreter."""
    folder.mkdir(mode=0o700, parents=True)
    host_key, key = folder / "host_key", folder / "key"
    for path in (host_key, key):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    (folder / "authorized_keys").write_text(key.with_suffix(".pub").read_text())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {host_key.with_suffix('.pub').read_text()}")
    (folder / "sshd_config").write_text(
        f"ListenAddress 127.0.0.1\nPort {port}\nHostKey {host_key}\nAuthorizedKeysFile {folder / 'authorized_keys'}\n"
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\nUsePAM no\nStrictModes no\n"
        f"PermitRootLogin prohibit-password\nPidFile none\nSubsystem sftp internal-sftp\nMaxStartups 100\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd uses it for privilege separation if run by root
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([path_of("sshd"), "-D", "-e", "-f", str(folder / "sshd_config")], stderr=log)
    try:
        _wait(port, process, folder / "log")
        yield {
            "ansible_connection": "ssh",
            "ansible_host": "127.0.0.1",
            "ansible_port": port,
            "ansible_user": getpass.getuser(),
            "ansible_ssh_private_key_file": str(key),
            "ansible_ssh_common_args": (
                f"-F none -o UserKnownHostsFile={folder / 'known_hosts'} -o StrictHostKeyChecking=yes "
                "-o IdentitiesOnly=yes -o ControlMaster=no"
            ),
            "ansible_remote_tmp": str(folder / "remote-tmp"),
        }
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _attempt in range(100):
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"sshd does not answer: {log.read_text()}")
