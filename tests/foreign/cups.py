# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CUPS with its own web administration, on a free port, with printers and one administrator. Knows no profile.

CUPS authenticates users by PAM, which asks the system. pam_wrapper and nss_wrapper replace that by files of the test,
so it needs no account of the machine.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import trustme
from foreign.servers import free_port, running
from support.programs import CUPS_WRAPPERS, PAM_MATRIX, file_of, path_of

ADMINISTRATOR = "printadmin"
PASSWORD = "a p/ss wörd&+%"

_PRINTER = """<Printer {name}>
Info {info}
Location {location}
MakeModel Local Raw Printer
DeviceURI {uri}
State {state}
Accepting Yes
Shared No
</Printer>
"""


@dataclass(frozen=True)
class Cups:
    """A running CUPS server. ``root`` contains its configuration."""

    root: Path
    port: int
    ca_path: str

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}/"


@contextlib.contextmanager
def cups(root: Path, *, printers: int = 3) -> Iterator[Cups]:
    """Run CUPS with queues ``press-01`` and so on, of which every third is paused."""
    cupsd = path_of("cups")
    port = free_port()
    for name in ("conf", "conf/ssl", "run", "spool/tmp", "cache", "pam"):
        (root / name).mkdir(parents=True)
    _configure(root, port)
    _add_printers(root / "conf" / "printers.conf", printers)
    ca = trustme.CA()
    leaf = ca.issue_cert("localhost")
    leaf.cert_chain_pems[0].write_to_path(root / "conf" / "ssl" / "localhost.crt")
    leaf.private_key_pem.write_to_path(root / "conf" / "ssl" / "localhost.key")
    ca.cert_pem.write_to_path(root / "ca.pem")
    if os.geteuid() == 0:  # its helpers run as lp, and need access
        for folder in (root, *root.parents):
            if folder.stat().st_uid == 0 and str(folder) != folder.anchor:
                folder.chmod(folder.stat().st_mode | 0o011)
    command = [cupsd, "-f", "-c", str(root / "conf" / "cupsd.conf"), "-s", str(root / "conf" / "cups-files.conf")]
    with running(command, port, root / "cupsd.log", _accounts(root)):
        yield Cups(root, port, str(root / "ca.pem"))


def _configure(root: Path, port: int) -> None:
    """Write Debian's configuration with other paths and another port."""
    settings = Path("/usr/share/cups/cupsd.conf.default").read_text(encoding="utf-8")
    settings = re.sub(r"^(Listen|Browsing|BrowseLocalProtocols) .*\n", "", settings, flags=re.MULTILINE)
    listening = f"ServerName localhost\nListen 127.0.0.1:{port}\nBrowsing No\n"
    (root / "conf" / "cupsd.conf").write_text(listening + settings, encoding="utf-8")
    places = {
        "ServerRoot": root / "conf",
        "ServerKeychain": root / "conf" / "ssl",
        "StateDir": root / "run",
        "RequestRoot": root / "spool",
        "TempDir": root / "spool" / "tmp",  # cupsd passes it to its helpers itself
        "CacheDir": root / "cache",
        "AccessLog": root / "access_log",
        "ErrorLog": root / "error_log",
        "PageLog": root / "page_log",
        "Printcap": "",
    }
    lines = [f"{name} {place}\n" for name, place in places.items()]
    (root / "conf" / "cups-files.conf").write_text(
        "".join(["SystemGroup lpadmin\n", "SyncOnClose No\n", *lines]), encoding="utf-8"
    )


def _add_printers(path: Path, count: int) -> None:
    path.write_text(
        "".join(
            _PRINTER.format(
                name=f"press-{number:02}",
                info=f"Press {number}",
                location=f"Hall {number}",
                uri=f"socket://127.0.0.1:9/{number}",
                state="Stopped" if number % 3 == 0 else "Idle",
            )
            for number in range(1, count + 1)
        ),
        encoding="utf-8",
    )


def _accounts(root: Path) -> dict[str, str]:
    matrix = file_of("cups", PAM_MATRIX)
    wrappers = [file_of("cups", pattern) for pattern in CUPS_WRAPPERS]
    passwords = root / "pam" / "passwords"
    passwords.write_text(f"{ADMINISTRATOR}:{PASSWORD}:cups\n", encoding="utf-8")
    (root / "pam" / "cups").write_text(
        f"auth required {matrix} passdb={passwords}\naccount required {matrix} passdb={passwords}\n", encoding="utf-8"
    )
    (root / "passwd").write_text(
        f"root:x:0:0:root:/root:/bin/sh\nlp:x:7:7:lp:/nonexistent:/usr/sbin/nologin\n"
        f"{ADMINISTRATOR}:x:5001:5001::/nonexistent:/usr/sbin/nologin\n",
        encoding="utf-8",
    )
    (root / "group").write_text(
        f"root:x:0:\nlp:x:7:\nadm:x:4:\n{ADMINISTRATOR}:x:5001:\nlpadmin:x:5002:{ADMINISTRATOR}\n", encoding="utf-8"
    )
    return {
        "LD_PRELOAD": ":".join(wrappers),
        "PAM_WRAPPER": "1",
        "PAM_WRAPPER_SERVICE_DIR": str(root / "pam"),
        "NSS_WRAPPER_PASSWD": str(root / "passwd"),
        "NSS_WRAPPER_GROUP": str(root / "group"),
    }
