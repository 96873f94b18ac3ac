# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What profiles of each kind of interface may and must say, by the names that the tasks use. Knows no interface."""

from __future__ import annotations

from dataclasses import replace

from .._decide.access.rules import SITE_LISTS, Kind, SiteList
from .._decide.connector import CLOUD_PROXY, INTERNAL
from .._decide.home_devices import CONNECTED, CONNECTING, DISCONNECTED
from .._web.profile.profile import Contract, Operation

CONTROLLER = Contract(
    variables=frozenset({"host", "domain", "username", "password"}),
    reads={
        "identity": Operation(
            gives=frozenset({"serial"}),
            may_give=frozenset({"model", "controller_version", "engine_version", "hostname", "ip_address", "clock"}),
        ),
        "ors": Operation(gives=frozenset({"state", "mode"}), may_give=frozenset({"last_connection"})),
        "proxy": Operation(
            gives=frozenset({"enabled", "host", "port"}), may_give=frozenset({"user", "password_set", "exceptions"})
        ),
        # domain.md, "Registering a printer in PRISMA Home": of a hand-over no address and no QR code stay here.
        "registration": Operation(
            gives=frozenset({"state"}),
            may_give=frozenset({"text", "tenant", "service"}),
            by_method={"link": frozenset({"address", "qr"})},
        ),
        "applications": Operation(
            gives=frozenset({"application", "enabled"}), may_give=frozenset({"name", "key"}), rows=True
        ),
    },
    writes={
        "set_proxy": Operation(inputs=frozenset({"enabled", "host", "port", "user", "password", "exceptions"})),
        "test_proxy": Operation(gives=frozenset({"result"}), may_give=frozenset({"text"})),
        "register": Operation(by_method={"hand_over": frozenset({"address"})}),
        "set_application": Operation(
            inputs=frozenset({"application", "enabled", "key"}), read_by={"key": ("applications",)}
        ),
        "unregister": Operation(),
    },
)

_DEVICES = Operation(
    gives=frozenset({"serial", "status"}),
    may_give=frozenset(
        {
            "name",
            "model",
            "hostname",
            "controller_type",
            "controller_version",
            "engine_version",
            "ip_address",
            "communication_type",
            "business_line",
            "product_family",
            "applications",
            "series",
            "last_data",
            "device_id",
            "enabled",
            "location",
        }
    ),
    rows=True,
    meanings={
        "communication_type": frozenset({INTERNAL, CLOUD_PROXY}),
        "status": frozenset({CONNECTED, CONNECTING, DISCONNECTED}),
    },
)

# The page that a hand-over leads to, before anything is added.
_HANDED_OVER = Operation(inputs=frozenset({"address"}), gives=frozenset({"serial"}), may_give=frozenset({"series"}))

_ACCOUNT = frozenset({"username", "password", "client_id", "client_secret"})
_TOKEN = frozenset({"access_token"})

_SPELLINGS = frozenset({"address", "person"})
_DEVICE = frozenset({"serial", "device_id"})
_ONE_DEVICE = Operation(inputs=_DEVICE, about=_DEVICE, read_by={"device_id": ("devices", "device")})
# The role in the portal (employee or administrator), whether the person is active or pending, and the roles per
# application, as [{id, role}] with the role user, administrator or none. Each row accounts for every application; null
# is not "no role" but a role that was not read. The id "*" with the role none stands for all applications not listed.
_TENANT_PEOPLE = Operation(
    gives=frozenset({"address", "role", "state", "applications"}), may_give=frozenset({"name", "since"}), rows=True
)
# address: as it is to be written; person: as the tenant stores it, by which to search
_TENANT_PERSON = Operation(inputs=_SPELLINGS, about=_SPELLINGS, may_give=frozenset({"message"}))

TENANT = Contract(
    variables=_ACCOUNT | {"tenant"},
    signed_in_variables=_TOKEN,
    reads={
        # account: the e-mail address in use; role: "employee" (reads only) or "administrator", domain.md, "PRISMA Home:
        # people"
        "whoami": Operation(gives=frozenset({"tenant"}), may_give=frozenset({"tenant_name", "account", "role"})),
        "people": _TENANT_PEOPLE,
        # a search for one person, where the tenant has one
        "find_person": replace(_TENANT_PEOPLE, inputs=frozenset({"person"})),
        # the applications in which people can have a role, and whether one can be administrator there
        "applications": Operation(gives=frozenset({"id"}), may_give=frozenset({"name", "administrator"}), rows=True),
        "devices": _DEVICES,
        # One of them, by its serial number, or none.
        "device": replace(_DEVICES, inputs=frozenset({"serial"})),
        "subscriptions": Operation(
            gives=frozenset({"application", "available"}),
            may_give=frozenset({"name", "type", "used", "ends", "permanent", "state"}),
            rows=True,
        ),
        "hand_over": _HANDED_OVER,
    },
    writes={
        "claim": Operation(inputs=frozenset({"address", "take_over"}), may_give=frozenset({"serial"})),
        "hand_over": Operation(
            inputs=frozenset({"address", "take_over", "display_name"}), may_give=frozenset({"serial"})
        ),
        "set_application": replace(_ONE_DEVICE, inputs=_DEVICE | {"application", "enabled"}),
        "set_location": replace(_ONE_DEVICE, inputs=_DEVICE | {"location"}),
        "enable_device": _ONE_DEVICE,
        "disable_device": _ONE_DEVICE,
        "test_device": replace(_ONE_DEVICE, gives=frozenset({"result"}), may_give=frozenset({"text"})),
        "delete_device": _ONE_DEVICE,
        "invite_person": replace(_TENANT_PERSON, inputs=_SPELLINGS | {"role"}),
        "set_person_role": replace(_TENANT_PERSON, inputs=_SPELLINGS | {"role"}, says=frozenset({"role"})),
        "set_application_role": replace(
            _TENANT_PERSON, inputs=_SPELLINGS | {"application", "role"}, says=frozenset({"application", "role"})
        ),
        "remove_person": _TENANT_PERSON,
    },
)

_PEOPLE = Operation(gives=frozenset({"email"}), may_give=frozenset({"name", "since"}), rows=True)
_FOUND = Operation(
    inputs=frozenset({"person"}), gives=frozenset({"email"}), may_give=frozenset({"name", "since"}), rows=True
)
# address: as it is to be written; person: as the site stores it, by which to search
_ONE_PERSON = Operation(inputs=_SPELLINGS, about=_SPELLINGS, may_give=frozenset({"message"}))

_SERIAL = frozenset({"serial"})
_PRINTER = frozenset({"name", "series", "licences", "last_data"})

SITE = Contract(
    variables=_ACCOUNT,
    signed_in_variables=_TOKEN,
    lists=SITE_LISTS,
    always=frozenset({SiteList.ADMINISTRATORS}),
    adds=frozenset({Kind.ADD_USER, Kind.ADD_ADMINISTRATOR}),
    reads={
        "account": Operation(gives=frozenset({"email"}), may_give=frozenset({"site"})),
        **dict.fromkeys(SITE_LISTS, _PEOPLE),
        # a search for one person, where the site has one: what a write whose answer was lost is looked up with
        **{f"find_{name}": _FOUND for name in SITE_LISTS},
        "printers": Operation(gives=frozenset({"serial"}), may_give=_PRINTER, rows=True),
        "find_printer": Operation(
            inputs=frozenset({"serial"}), gives=frozenset({"serial"}), may_give=_PRINTER, rows=True
        ),
        "hand_over": _HANDED_OVER,
    },
    writes={
        "add_user": _ONE_PERSON,
        "add_administrator": _ONE_PERSON,
        **{f"remove_{name}": _ONE_PERSON for name in SITE_LISTS},
        "hand_over": Operation(
            inputs=frozenset({"address", "display_name", "move"}), may_give=frozenset({"serial", "message"})
        ),
        "remove_printer": Operation(inputs=_SERIAL, about=_SERIAL, may_give=frozenset({"message"})),
    },
)

OTHER = Contract(variables=_ACCOUNT | {"host"}, signed_in_variables=_TOKEN, free=True)
"""An interface that no module of this collection knows: its profile names reads and writes of its own."""

CONTRACTS = {"controller": CONTROLLER, "tenant": TENANT, "site": SITE, "other": OTHER}
