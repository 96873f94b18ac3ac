# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What messages call each kind of interface, and the advice of one that is not a printer. Pure; knows no error."""

from __future__ import annotations

from .outcomes import ADVICE, NOT_RECOGNISED_ADVICE, UNKNOWN_HOST_ADVICE, Outcome

INTERFACE_NAMES = {
    "controller": "the printer",
    "tenant": "PRISMA Home",
    "site": "the administration site",
    "other": "the web interface",
}
"""By the kind of interface, as profiles name it."""

_PREFIXES = {
    "tenant": ("printops_tenant_", "printops_tenant_"),
    "site": ("printops_site_", "printops_site_"),
    "other": ("printops_web_", "printops_"),
}
"""How the variables of address and account begin, and those of HTTPS."""

_ADVICE = {
    ADVICE[Outcome.UNREACHABLE]: (
        "Check {own}url, and that the machine running Ansible reaches {name}: a firewall may be in the way, or a proxy "
        "be needed ({https}http_proxy). Then run again."
    ),
    UNKNOWN_HOST_ADVICE: (
        "Correct the host name in {own}url (of a proxy: {https}http_proxy), or add it to the DNS that the machine "
        "running Ansible uses. Then run again."
    ),
    ADVICE[Outcome.UNTRUSTED_CERTIFICATE]: (
        "The certificate is not trusted. Check {own}url. If a proxy of your network inspects TLS, set {https}ca_path "
        "to its CA. To pin a certificate, set {https}tls_fingerprint to a fingerprint that whoever runs {name} "
        "confirms. No credentials were sent."
    ),
    ADVICE[Outcome.AUTH_FAILED]: (
        "The sign-in was refused, and was not repeated so as not to lock the account. Correct the account and its "
        "password or secret ({own}username and so on) before the next run: every run spends one attempt."
    ),
    ADVICE[Outcome.PASSWORD_CHANGE]: (
        "A new password is demanded for this account. Sign in to {name} with a browser, set one, put it in the vault "
        "({own}password) and run again."
    ),
    NOT_RECOGNISED_ADVICE: (
        "First check {own}url: a wrong path or port looks the same. If it leads to {name}, the profile does not fit "
        "this release: choose another one, or make one."
    ),
    ADVICE[Outcome.FAILED]: "Read the reason, and look at {name} with a browser.",
}
"""By the advice of a printer."""


def password_variable(interface: str) -> str:
    """Return the variable of the password for a sign-in on pages; empty at a printer, where it may be the viewer's."""
    return f"{_PREFIXES[interface][0]}password" if interface in _PREFIXES else ""


def advice_at(interface: str, advice: str) -> str:
    """Return what stands for a printer's ``advice`` at another kind of ``interface``: the same if nothing does."""
    if interface not in _PREFIXES or advice not in _ADVICE:
        return advice
    own, https = _PREFIXES[interface]
    return _ADVICE[advice].format(own=own, https=https, name=INTERFACE_NAMES[interface])
