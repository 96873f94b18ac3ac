# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can be read in a recording, in any encoding. Asserts nothing."""

from __future__ import annotations

import base64

from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import Recording
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.finder import decoded_forms


def everything(of: Recording) -> str:
    """Return all text of a recording, also decoded as HTML, JSON, URL and Base64."""
    texts: list[str] = []
    for each in of.exchanges:
        texts += [each.url, *(f"{name}: {value}" for name, value in each.request_headers + each.response_headers)]
        texts += [each.request_body.decode(errors="replace"), each.response_body.decode(errors="replace")]
        texts += [value for _name, value in each.form]
    whole = "\n".join(form for text in texts for form in decoded_forms(text))
    for token in set(whole.replace('"', " ").replace("=", " ").split()):
        try:
            whole += "\n" + base64.b64decode(token + "=" * (-len(token) % 4), validate=True).decode()
        except ValueError:
            continue
    return whole.lower()
