# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at the certificate of a printer and pins it where that is asked for. Runs beside ansible-playbook."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible.plugins.action import ActionBase

from ..module_utils._prisma.address_files import check_place, write_private
from ..module_utils._prisma.connection import controller_url
from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import BadInput, PrismaError, UntrustedCertificate
from ..module_utils._web.http.tls import normalise_fingerprint
from ..modules.device_certificate import ARGUMENT_SPEC
from ..plugin_utils._certificate import PinFile, Seen, look, pin_text
from ..plugin_utils._untagged import untagged


class ActionModule(ActionBase):
    """Connects without credentials: first trust is a decision, and not the sign-in's by-product."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Look, compare with the pins that are declared, and write a pin where there is none."""
        super().run(tmp, task_vars)
        printer = str((task_vars or {}).get("inventory_hostname", "")) or "printer"
        seen: dict[str, t.Any] = {}
        try:
            checked = ModuleArgumentSpecValidator(ARGUMENT_SPEC).validate(dict(self._task.args))
            if checked.error_messages:
                raise BadInput(f"{self._task.action}: {'; '.join(checked.error_messages)}")
            return self._trust(untagged(checked.validated_parameters), seen)
        except PrismaError as error:
            return {"changed": False, **seen, **failed(error, printer)}

    def _trust(self, options: dict[str, t.Any], told: dict[str, t.Any]) -> dict[str, t.Any]:
        controller_url({**options, "base_path": "/"})  # says what is wrong with host and port
        if options["timeout"] <= 0:
            raise BadInput(f"timeout is {options['timeout']}, but must be more than 0 seconds")
        declared = {normalise_fingerprint(str(each)) for each in options["tls_fingerprint"] or ()}
        seen = look(options["host"].strip(), options["port"], options["ca_path"], options["timeout"])
        told.update(
            fingerprint=seen.fingerprint,
            trusted=seen.why_not is None,
            why_not_trusted=seen.why_not,
            pinned=seen.fingerprint in declared,
            certificate=seen.facts,
        )
        if told["pinned"]:
            return {"changed": False, **told}
        if declared and not (options["replace"] and options["path"]):
            raise _other_pin(seen, declared)
        if (seen.why_not is None and not declared) or not options["path"]:
            return {"changed": False, **told}
        return {**self._pin(options, seen, declared), **told}

    def _pin(self, options: dict[str, t.Any], seen: Seen, declared: set[str]) -> dict[str, t.Any]:
        path = options["path"]
        check_place(path, "path")
        file = PinFile(path)
        before, there = file.text(), file.pins()
        if there - {seen.fingerprint} and not options["replace"]:
            raise _other_pin(seen, there)
        if declared - there:
            raise BadInput(
                f"another pin is declared elsewhere than in {path!r}, and might win over it",
                advice="Correct the pin where it is declared.",
            )
        file.check_neighbours()
        after = pin_text(seen.fingerprint)
        changed = there != {seen.fingerprint}
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


def _other_pin(seen: Seen, pins: set[str]) -> UntrustedCertificate:
    error = UntrustedCertificate(
        f"the certificate's fingerprint is {seen.fingerprint}, which is not the pinned one",
        details={"fingerprint": seen.fingerprint, "pinned": sorted(pins)},
    )
    error.advice = (
        "If its certificate was renewed, compare the fingerprint at the printer and replace the pin "
        "(-e trust_write=true -e trust_replace=true). Otherwise somebody else answers at this address."
    )
    return error
