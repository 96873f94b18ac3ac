# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of every HTTPS connection, of a controller, a tenant and a site: TLS, time limits, proxy."""

from __future__ import annotations

from .group import OptionGroup, from_environment

DOCUMENTATION = r"""
options:
  validate_certs:
    description:
      - Verify the certificate and the host name in it. Rather than switching this off, give O(ca_path) or
        O(tls_fingerprint).
      - Variable C(printops_validate_certs), environment E(PRINTOPS_VALIDATE_CERTS); for tenant modules
        C(printops_tenant_validate_certs), for site modules C(printops_site_validate_certs).
    type: bool
    default: true
  ca_path:
    description:
      - File (PEM) or folder of CA certificates to trust instead of the system's.
      - Variable C(printops_ca_path), environment E(PRINTOPS_CA_PATH); for tenant modules C(printops_tenant_ca_path),
        for site modules C(printops_site_ca_path).
    type: path
  tls_fingerprint:
    description:
      - SHA-256 fingerprints of certificates to accept, without regard to their issuer and names. Any other certificate
        is refused before a request is sent. Use this for a factory-made self-signed certificate.
      - Variable C(printops_tls_fingerprint), environment E(PRINTOPS_TLS_FINGERPRINT); for tenant modules
        C(printops_tenant_tls_fingerprint), for site modules C(printops_site_tls_fingerprint).
    type: list
    elements: str
  ciphers:
    description:
      - TLS ciphers to offer instead of the system's defaults, in the notation of OpenSSL. Several are joined with C(:).
        Only for an interface that is too old for the defaults, for example V(DEFAULT:@SECLEVEL=0).
      - Variable C(printops_ciphers), environment E(PRINTOPS_CIPHERS); for tenant modules
        C(printops_tenant_ciphers), for site modules C(printops_site_ciphers).
    type: list
    elements: str
  tls_minimum:
    description:
      - Oldest version of TLS to accept. The default is that of the system, in most cases V(1.2). With V(1.0) or V(1.1)
        and without O(ciphers), old ciphers are offered as well.
      - Variable C(printops_tls_minimum), environment E(PRINTOPS_TLS_MINIMUM); for tenant modules
        C(printops_tenant_tls_minimum), for site modules C(printops_site_tls_minimum).
    type: str
    choices: ['1.0', '1.1', '1.2', '1.3']
  timeout:
    description:
      - Seconds that one request may take, from connecting to the last byte of the answer.
      - Variable C(printops_timeout), environment E(PRINTOPS_TIMEOUT).
    type: float
    default: 30
  deadline:
    description:
      - Seconds that the whole task may take, not counting waiting time.
      - Variable C(printops_deadline), environment E(PRINTOPS_DEADLINE).
    type: float
    default: 180
  retries:
    description:
      - How often a request is sent again after a connection error or status 429, 502, 503 or 504. The pauses grow and
        are random, or are what the answer asks for. A request that signs in is never repeated, one that writes only if
        the profile marks it as repeatable.
      - Variable C(printops_retries), environment E(PRINTOPS_RETRIES).
    type: int
    default: 3
  http_proxy:
    description:
      - Proxy through which Ansible itself reaches the interface. The printer's own proxy client is
        another setting (module M(printops.prisma.device_proxy)).
      - Variable C(printops_http_proxy), environment E(PRINTOPS_HTTP_PROXY); for tenant modules
        C(printops_tenant_http_proxy), for site modules C(printops_site_http_proxy).
    type: str
  use_environment_proxy:
    description:
      - Use E(HTTPS_PROXY) and E(NO_PROXY) of the environment.
      - Variable C(printops_use_environment_proxy), environment E(PRINTOPS_USE_ENVIRONMENT_PROXY).
    type: bool
    default: false
"""

_DEADLINE = """C(printops_deadline), environment E(PRINTOPS_DEADLINE).
    type: float
    default: 180"""
PEOPLE_DEADLINE = 1800
"""Seconds: thousands of people on lists of fifty a page take their time."""


def _for_people(cloud: str) -> str:
    """Return the documentation of the options for a cloud's people, who have a deadline of their own."""
    return DOCUMENTATION.replace(
        _DEADLINE,
        f"""C(printops_{cloud}_deadline), environment E(PRINTOPS_{cloud.upper()}_DEADLINE). Thousands of people on
        lists of fifty a page take their time.
    type: float
    default: {PEOPLE_DEADLINE}""",
    )


SITE_DOCUMENTATION = _for_people("site")
TENANT_PEOPLE_DOCUMENTATION = _for_people("tenant")

TLS_MINIMUM = ("1.0", "1.1", "1.2", "1.3")

_SPECIFIC = ("validate_certs", "ca_path", "tls_fingerprint", "ciphers", "tls_minimum", "http_proxy")


def _group(
    prefix: str,
    specific: tuple[str, ...] = _SPECIFIC,
    deadline: int = 180,
    documentation: str = DOCUMENTATION,
) -> OptionGroup:
    def variable(option: str) -> str:
        return (prefix if option in specific else "printops_") + option

    types: dict[str, dict[str, object]] = {
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path"},
        "tls_fingerprint": {"type": "list", "elements": "str"},
        "ciphers": {"type": "list", "elements": "str"},
        "tls_minimum": {"type": "str", "choices": list(TLS_MINIMUM)},
        "timeout": {"type": "float", "default": 30},
        "deadline": {"type": "float", "default": deadline},
        "retries": {"type": "int", "default": 3},
        "http_proxy": {"type": "str", "no_log": False},
        "use_environment_proxy": {"type": "bool", "default": False},
    }
    return OptionGroup(
        spec={option: from_environment(variable(option), **spec) for option, spec in types.items()},
        documentation=documentation,
        variables={option: (variable(option),) for option in types},
    )


CONTROLLER_HTTP = _group("printops_")
TENANT_HTTP = _group("printops_tenant_")
SITE_HTTP = _group("printops_site_", (*_SPECIFIC, "deadline"), PEOPLE_DEADLINE, SITE_DOCUMENTATION)
TENANT_PEOPLE_HTTP = _group("printops_tenant_", (*_SPECIFIC, "deadline"), PEOPLE_DEADLINE, TENANT_PEOPLE_DOCUMENTATION)
