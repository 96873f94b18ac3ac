# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetches the certificate of a printer, and pins it on request. Runs on the control node."""

from __future__ import annotations

import contextlib
import typing as t

from ansible.plugins.action import ActionBase

from ..module_utils._prisma.address_files import check_place, write_private
from ..module_utils._prisma.connection import controller_url, with_variable
from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import BadInput, PrismaError, UntrustedCertificate
from ..module_utils._web.http.certificate import preload
from ..module_utils._web.http.tls import normalise_fingerprint
from ..modules.device_certificate import TASK
from ..plugin_utils._arguments import passed_on
from ..plugin_utils._certificate import HostCertificate, PinFile, fetch_certificate, pin_text
from ..plugin_utils._inprocess.options import completed, validated

with contextlib.suppress(PrismaError):  # the task that needs it reports a missing library
    preload()


class ActionModule(ActionBase):
    """Connects without credentials, so that trusting a certificate is a decision before the first sign-in."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Fetch the certificate, compare it with the declared pins, and write a pin if ``path`` is set."""
        super().run(tmp, task_vars)
        variables = task_vars or {}
        printer = str(variables.get("inventory_hostname", "")) or "printer"
        certificate: dict[str, t.Any] = {}
        try:
            given = completed(TASK, self._task.args, variables, self._templar.template)
            warn = self._display.warning
            options = validated(TASK, self._task.action, given, set(), warn, passed_on(self._task))
            return self._check(options, certificate)
        except PrismaError as error:
            return {"changed": False, **certificate, **failed(error, printer)}

    def _check(self, options: dict[str, t.Any], result: dict[str, t.Any]) -> dict[str, t.Any]:
        controller_url({**options, "base_path": "/"})  # raises for an invalid host or port
        if options["timeout"] <= 0:
            raise BadInput(
                f"{with_variable('controller', 'timeout')} is {options['timeout']}, but must be more than 0 seconds"
            )
        declared = {normalise_fingerprint(str(each)) for each in options["tls_fingerprint"] or ()}
        certificate = fetch_certificate(
            options["host"].strip(),
            options["port"],
            options["ca_path"],
            options["timeout"],
            options["ciphers"] or (),
            options["tls_minimum"],
        )
        result.update(
            fingerprint=certificate.fingerprint,
            trusted=certificate.why_not_trusted is None,
            why_not_trusted=certificate.why_not_trusted,
            pinned=certificate.fingerprint in declared,
            certificate=certificate.facts,
        )
        if result["pinned"]:
            return {"changed": False, **result}
        if declared and not (options["replace"] and options["path"]):
            raise _pin_mismatch(certificate, declared)
        if (certificate.why_not_trusted is None and not declared) or not options["path"]:
            return {"changed": False, **result}
        return {**self._pin(options, certificate, declared), **result}

    def _pin(self, options: dict[str, t.Any], certificate: HostCertificate, declared: set[str]) -> dict[str, t.Any]:
        path = options["path"]
        check_place(path, "path")
        file = PinFile(path)
        before, there = file.text(), file.pins()
        if there - {certificate.fingerprint} and not options["replace"]:
            raise _pin_mismatch(certificate, there)
        if declared - there:
            raise BadInput(
                f"printops_tls_fingerprint is set elsewhere than in {path!r}, and may override it",
                advice="Remove or correct printops_tls_fingerprint where it is set.",
            )
        file.check_neighbours()
        after = pin_text(certificate.fingerprint)
        changed = there != {certificate.fingerprint}
        if changed and not self._task.check_mode:
            write_private(path, after.encode())
        return {
            "changed": changed,
            "path": path,
            "diff": {
                "before": before,
                "after": after if changed else before,
                "before_header": path,
                "after_header": path,
            },
        }


def _pin_mismatch(certificate: HostCertificate, pins: set[str]) -> UntrustedCertificate:
    error = UntrustedCertificate(
        f"the certificate has the fingerprint {certificate.fingerprint}, which is not the pinned one",
        details={"fingerprint": certificate.fingerprint, "pinned": sorted(pins)},
    )
    error.advice = (
        "If the certificate was renewed, compare the fingerprint with the one that the printer shows and replace the "
        "pin (-e trust_write=true -e trust_replace=true). Otherwise another device answers at this address."
    )
    return error
