# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a task as an ordinary module. The profile arrives as data: the action has found and validated it."""

from __future__ import annotations

import signal
import typing as t
from collections.abc import Mapping

from ansible.module_utils.basic import AnsibleModule

from .._web.errors import BadInput, PrismaError
from .._web.libraries import require
from .._web.profile.expression import ProfileProblem
from .._web.profile.profile import build_profile
from .._web.redaction import SHORTEST_SECRET, redacted, secrets_of
from .._web.session.store import TaskStore
from .contract import CONTRACTS
from .own_words import OWN_WORDS
from .task import Request, Task, execute, failed, run_redacted

HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
"""What Ansible itself shows in place of a secret."""


def run_module(task: Task) -> t.NoReturn:
    """Run ``task`` with the arguments of this module and exit."""
    # As Ctrl-C does, so that the sessions of this module are signed out on the way.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    module = AnsibleModule(argument_spec=task.argument_spec(), supports_check_mode=True, **task.rules)
    named = (module.params.get(name) for name in ("host", "serial", "tenant", "site", "url"))
    printer = str(next(filter(None, named), "printer"))
    # Ansible hides every secret however short, within the words too by which the action and the role go on.
    module.no_log_values = {
        secret
        for secret in module.no_log_values
        if len(secret) >= SHORTEST_SECRET and not any(secret in word for word in OWN_WORDS)
    }
    try:
        require()
        result = _run(task, module, printer)
    except PrismaError as error:
        result = failed(error, printer)
    result["invocation"] = {"module_args": _shown(module.params, task.argument_spec())}
    for warning in result.pop("warnings", []):
        module.warn(warning)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


def _shown(options: Mapping[str, t.Any], spec: Mapping[str, Mapping[str, t.Any]]) -> dict[str, t.Any]:
    """Return options as a result shows them: of a secret not even that it is a word which occurs elsewhere."""
    secrets = secrets_of(options, {})  # passwords of addresses
    return {
        name: HIDDEN if value is not None and spec.get(name, {}).get("no_log") else redacted(value, secrets)
        for name, value in options.items()
    }


def _run(task: Task, module: AnsibleModule, printer: str) -> dict[str, t.Any]:
    source = module.params["profile"]
    if not isinstance(source, Mapping):
        raise BadInput(
            f"profile is {source!r}, but the module itself expects a profile as data",
            advice="Run the task through Ansible, where the action plugin of the same name reads the profile.",
        )
    try:
        profile = build_profile(source, CONTRACTS[task.interface])
    except ProfileProblem as error:
        raise BadInput(f"the profile is not usable: {error}") from error
    request = Request(
        options=module.params,
        profile=profile,
        printer=printer,
        store=TaskStore(),
        check_mode=module.check_mode,
        diff_mode=module._diff,
    )
    spec = task.argument_spec()
    secrets = secrets_of(module.params, spec)

    def run() -> dict[str, t.Any]:
        try:
            return execute(task, request)
        finally:
            secrets.update(request.secrets())

    return run_redacted(printer, secrets, run)
