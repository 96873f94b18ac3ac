# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options by which a task reaches an administration site of the cloud service. How to sign in: ``cloud.py``."""

from __future__ import annotations

from .cloud import SITE_URL, cloud_group

_DOCUMENTATION = rf"""
options:
  url:
    description:
      - Address of the administration site. The default is the vendor's.
      - Variable C(printops_site_url), environment E(PRINTOPS_SITE_URL).
    type: str
    default: {SITE_URL}
  site:
    description:
      - Name of the site that the account must belong to. It is read back after the sign-in, and nothing is done if it
        is another one. Which site one sees depends on the account alone, so give it wherever there are several.
      - A blank value of the option or the variable is an error, as it would prove nothing.
      - Variable C(printops_site), environment E(PRINTOPS_SITE).
    type: str
"""

SITE = cloud_group(
    "site",
    "cloud-administration-site",
    _DOCUMENTATION,
    {
        "url": ("printops_site_url", {"type": "str", "default": SITE_URL}),
        "site": ("printops_site", {"type": "str"}),
    },
)
