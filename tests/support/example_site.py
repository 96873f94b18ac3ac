# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""examples/site as a site uses it: a copy, in which only what is a site's own is entered. Asserts nothing.

The simulator stands for the site. Its addresses and accounts go into files of their own, which Ansible reads after
those of the example, and the passwords into the file that the example has for them; all other files stay as they are.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from .fleet import SETTINGS
from .inventory import site_variables, tenant_variables
from .simulation import ROOT, Simulation

EXAMPLE = ROOT / "examples" / "site"
SHIPPED = ROOT / "plugins" / "profiles"
PRINTERS = tuple(yaml.safe_load((EXAMPLE / "inventory.yml").read_text(encoding="utf-8"))["printers"]["hosts"].items())
"""The printers of the example, each with its variables."""
TENANT = "print-shop-1"
SITE = "north"
PASSWORD = "the-word-of-all-printers"
PROFILES = {
    "printops_profile": ("our-sra", "sra-remote-ui"),
    "printops_tenant_profile": ("our-home", "prisma-home"),
    "printops_site_profile": ("our-site", "cloud-administration-site"),
}
"""The site's own profiles by their variables, as the guides name them, each with the shipped one that stands for it."""


def fleet() -> dict[str, Any]:
    """Return the content of a fleet file: the printers of the example behind a proxy that they do not use yet."""
    printers = [
        {
            "name": name,
            "serial": _serial(number),
            "administrator_password": PASSWORD,
            "network": "proxy_required",
            "proxy": "wrong",
        }
        for number, (name, _variables) in enumerate(PRINTERS)
    ]
    return {
        "settings": SETTINGS,
        "tenants": [{"id": TENANT, "name": "Print shop 1"}, {"id": "another", "name": "Another print shop"}],
        "printers": printers,
        "sites": [{"id": SITE, "people": 5}],
    }


def enter(simulation: Simulation, folder: Path, *, trusted: bool) -> dict[str, str]:
    """Enter what is this site's own into a copy of the example, and return its passwords by their variables.

    ``trusted``: the printers' certificates are signed by a CA that is declared; otherwise they are self-signed.
    """
    ready = simulation.ready
    tenant, site = tenant_variables(ready, TENANT), site_variables(ready)
    secrets = {
        "vault_printops_password": PASSWORD,
        "vault_printops_tenant_password": tenant.pop("printops_tenant_password"),
        "vault_printops_site_password": site.pop("printops_site_password"),
    }
    address = urlsplit(ready["controllers"]["url" if trusted else "untrusted_url"])
    first = simulation.printer(PRINTERS[0][0])
    proxy = {name: ready["proxy"][name] for name in ("host", "port", "user", "password")}
    printers = {
        "printops_host": address.hostname,
        "printops_port": address.port,
        "printops_base_path": "/printers/{{ inventory_hostname }}/",
        "printops_username": first["accounts"]["administrator"]["username"],
        "onboard_proxy": proxy,
        "onboard_wait_sleep": 0.2,
        "onboard_wait_timeout": 60,
        **({"printops_ca_path": ready["ca"]} if trusted else {}),
    }
    profiles = {variable: own for variable, (own, _shipped) in PROFILES.items()}
    (folder / "profiles").mkdir()
    for own, shipped in PROFILES.values():
        shutil.copyfile(SHIPPED / f"{shipped}.yml", folder / "profiles" / f"{own}.yml")
    printers["printops_profile"] = profiles.pop("printops_profile")
    _write(folder / "group_vars" / "printers" / "this_site.yml", printers)
    # the hosts of the vendor are not to be asked from a test
    for_all = {**tenant, **site, **profiles, "network_default_hosts": False}
    _write(folder / "group_vars" / "all" / "this_site.yml", for_all)
    _write(folder / "group_vars" / "all" / "vault.yml", secrets)
    for number, (name, _variables) in enumerate(PRINTERS):
        _write(folder / "host_vars" / name / "this_site.yml", {"printops_serial": _serial(number)})
    for name, key, value in (("access.yml", "site", SITE), ("people.yml", "tenant", TENANT)):
        people = folder / name
        text = people.read_text(encoding="utf-8")
        people.write_text(text.replace(f"{key}: change-me", f"{key}: {value}"), encoding="utf-8")
    return secrets


def copy(folder: Path) -> Path:
    """Copy the example to a folder that does not exist yet."""
    return Path(shutil.copytree(EXAMPLE, folder))


def _serial(number: int) -> str:
    return str(730012345 + number)


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
