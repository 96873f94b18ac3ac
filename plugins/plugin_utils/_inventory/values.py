# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether one value suits its variable: by its spec, and by the rules of the tasks that use it. Reads no host."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from ansible.utils.helpers import pct_to_int

from ...module_utils._decide.clock import time_zone
from ...module_utils._decide.inventory_faults import closest
from ...module_utils._prisma.connection import check_hosts, check_numbers, tenant_url
from ...module_utils._prisma.device_proxy import check_proxy
from ...module_utils._prisma.serial_option import serial_of
from ...module_utils._prisma.switches import switches
from ...module_utils._web.errors import BadInput
from ...module_utils._web.http.proxy import proxy_for
from ...module_utils._web.http.tls import normalise_fingerprint, ssl_context
from ...module_utils._web.libraries import httpx
from .._arguments import valid_arguments
from .._fleet.spec import LEAST, check_least
from .known import known_variables
from .origin import WrittenAt, typed_at

CHECK_NUMBERS = ("timeout", "deadline", "retries", "max_refused")
_PORTS = ("printops_port", "printops_jmf_port")
FindProfile = Callable[[t.Any, str], t.Any]
"""Returns the profile that a value means, of an interface of this kind; raises :class:`BadInput`."""


class WrongValue(t.NamedTuple):
    """Why a value does not suit its variable."""

    serious: bool
    what: str
    advice: str


def wrong_value(
    name: str, value: t.Any, find_profile: FindProfile, spec: Mapping[str, t.Any] | None = None
) -> WrongValue | None:
    """Return why ``value`` (not None) does not suit the variable ``name``; None if it does.

    ``spec`` is that of a variable that no inventory has.
    """
    spec = known_variables()[name] if spec is None else spec
    try:
        if spec.get("no_log") and not isinstance(value, (Mapping, list)):
            return None  # any text can be a password, and no message may show it
        plain = converted(name, value, spec)
        _check_rules(name, value if name == "onboard_serial" else plain, find_profile)
    except BadInput as error:
        meant = " or ".join(map(repr, _meant(spec, value)))
        text = str(error).rstrip(".")
        what = text if name in text else f"{name}: {text}"
        hint = f": did you mean {meant}?" if meant and "did you mean" not in what else ""
        return WrongValue(True, what + hint, error.advice)
    if spec.get("type") == "path" and name.startswith("printops_") and plain and not os.path.exists(plain):
        return WrongValue(
            False, f"{name} is {plain}, which is not there", "Correct the path. It is read where the task runs."
        )
    return None


def converted(name: str, value: t.Any, spec: Mapping[str, t.Any] | None = None) -> t.Any:
    """Return ``value`` as the type of the variable ``name``. Raises :class:`BadInput` where it is none of that type."""
    spec = known_variables()[name] if spec is None else spec
    if isinstance(value, str) and spec.get("type", "str") == "str" and "choices" not in spec:
        return value  # as it is for thousands of serial numbers and host names
    return valid_arguments({name: spec}, {name: value}, advice=f"Correct {name}.")[name]


def _check_rules(name: str, value: t.Any, find_profile: FindProfile) -> None:
    """Raise :class:`BadInput` for a value that the tasks refuse, by the rules that they have themselves."""
    option = name.removeprefix("printops_")
    if name.startswith("onboard_"):
        _check_role_variable(name, value)
    elif name in _PORTS and not 1 <= value <= 65535:
        raise BadInput(f"{name} {value} is not a port", advice="Give a port from 1 to 65535.")
    elif name == "printops_serial":
        serial_of({"serial": value})
    elif name in ("printops_tenant_url", "printops_site_url"):
        tenant_url({"url": value})
    elif option in ("profile", "tenant_profile", "site_profile"):
        find_profile(value, option.removesuffix("profile").rstrip("_") or "controller")
    elif option in CHECK_NUMBERS:
        check_numbers("controller", {option: value})
    else:
        _check_connection(name, value)


def _check_role_variable(name: str, value: t.Any) -> None:
    if name == "onboard_clock_zone":
        try:
            time_zone(value)
        except ValueError as error:
            raise BadInput(str(error), advice="Give an IANA name such as Europe/Berlin.") from error
    elif name in ("onboard_wait_timeout", "onboard_wait_sleep"):
        check_numbers("controller", {name.removeprefix("onboard_"): value})
    elif name in LEAST:
        check_least(name, value)
    elif name == "onboard_serial":
        _check_wave_sizes(value)
    elif name == "onboard_applications":
        switches(value, name)
    elif name == "onboard_proxy":
        check_proxy(value, "onboard_proxy.")


def _check_wave_sizes(value: t.Any) -> None:
    """Raise :class:`BadInput` for a size of a wave that Ansible cannot read: it would end by a traceback."""
    for size in value if isinstance(value, list) else [value]:
        try:
            pct_to_int(size, 100)
        except (TypeError, ValueError) as error:
            raise BadInput(
                f"onboard_serial is {size!r}, but must be a number of printers or a percentage",
                advice="""Give one or several, as in -e '{"onboard_serial": [1, 10, "100%"]}'.""",
            ) from error


def _check_connection(name: str, value: t.Any) -> None:
    """Raise :class:`BadInput` for a certificate, a proxy or a host with which no connection would be opened."""
    if name.endswith("_tls_fingerprint"):
        for fingerprint in value:
            normalise_fingerprint(fingerprint)
    elif name.endswith("_ciphers"):
        ssl_context(ciphers=value)
    elif name.endswith("_ca_path") and os.path.exists(value):
        ssl_context(ca_path=value)
    elif name.endswith("_http_proxy"):
        proxy_for(httpx.URL("https://printer/"), value, no_proxy="", use_environment=False)
    elif name.endswith("_sign_in_hosts"):
        check_hosts(name, value, port=True)
    elif name == "printops_address_hosts":
        check_hosts(name, value)
    elif name == "printops_cloud_hosts":
        check_hosts(name, [row["host"] for row in value])


def _meant(spec: Mapping[str, t.Any], value: t.Any) -> Iterator[str]:
    """Yield what the words of a wrong value were meant to be: values of a closed list, or names of suboptions."""
    given = list(value) if isinstance(value, (Mapping, list)) else [value]
    words = [str(each) for each in spec.get("options") or spec.get("choices") or ()]
    for word in given:
        found = closest(str(word), words) if str(word) not in words else None
        if found:
            yield found


def unquoted_serial(raw: t.Any, at: WrittenAt | None) -> WrongValue | None:
    """Return why a serial number that is no text is one to quote; None for a text.

    ``at`` is where the value stands, or at least its name. YAML reads digits that begin with 0 as an octal number, so
    another serial number would be expected. A number that was not written in YAML keeps its digits.
    """
    if not isinstance(raw, (bool, int, float, date)):
        return None
    typed = typed_at(at, raw) if at else ""
    number = str(int(raw)) if isinstance(raw, int) and not isinstance(raw, bool) else ""
    quoted = typed or number
    advice = f'Put it in quotes: "{quoted}".' if quoted else "Put it in quotes, as the printer shows it."
    if not number or (typed and typed != number):
        written = f"{typed} without quotes" if typed else "no text"
        return WrongValue(True, f"printops_serial is {written}, which YAML reads as {raw}", advice)
    if at and at.path.endswith((".yml", ".yaml", ".json")):
        what = "printops_serial is a number without quotes; one that begins with 0 would be read as another number"
        return WrongValue(False, what, advice)
    return None
