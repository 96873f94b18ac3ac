# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The addresses of a host name, and the words for one that has none. The one place where a name is looked up."""

from __future__ import annotations

import socket


class NameNotFound(OSError):
    """A host name has no address. Its text says why."""


def addresses_of(host: str, port: int) -> tuple[str, ...]:
    """Return the IP addresses of ``host``, each once, in the resolver's order. Raises :class:`NameNotFound`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        unanswered = error.errno == socket.EAI_AGAIN
        raise NameNotFound(
            "no DNS server answers for this host name" if unanswered else "there is no such host name"
        ) from error
    except UnicodeError as error:  # an empty part, or one of more than 63 characters
        raise NameNotFound("this cannot be a host name") from error
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))
