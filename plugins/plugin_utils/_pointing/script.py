# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clicks as a person would, from a file: for tests and demonstrations without a screen. Knows no interface.

Each entry is a mapping with one action: ``task`` (skip until it is the current one), ``click``, ``fill``, ``check``,
``choose`` (an option), ``point``, ``open``, ``see``, ``press`` (a button of the panel), ``answer`` (by its text),
``credentials`` (if the panel asks for them), ``try`` (an expression), ``take`` (a part of the page, or an offer, by its
expression), or ``picture``. ``frame`` names the frame of an element.
"""

from __future__ import annotations

import typing as t
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from json import dumps
from pathlib import Path

from ...module_utils._web.errors import BadInput
from .._browser import first_line
from .._recording.draft.files import read_yaml
from .browser import PANEL_SIZE, WINDOW_SIZE, RecorderWindows
from .guide import Guide

PATIENCE = 20_000.0
"""Milliseconds for one click, enough for a busy machine."""


def read_script(path: str) -> list[dict[str, t.Any]]:
    """Return the clicks in the YAML file at ``path``. Raise :class:`BadInput`."""
    loaded = read_yaml(path, "clicks")
    if not isinstance(loaded, list) or not all(isinstance(each, dict) for each in loaded):
        raise BadInput(f"clicks: {path} must be a list of mappings")
    return loaded


@dataclass
class ScriptedPerson:
    """Performs the clicks of a script in the two windows."""

    windows: RecorderWindows
    clicks: list[dict[str, t.Any]]

    def perform(self) -> None:
        """Perform all clicks. Raise :class:`BadInput` that names the click that failed."""
        for number, entry in enumerate(self.clicks, 1):
            try:
                self._perform(entry)
            except self.windows.failed as error:
                raise BadInput(f"clicks: entry {number} ({_named(entry)}) failed: {first_line(error)}") from error
            self.windows.settle()
            self.windows.handle()
            if "point" in entry and self.windows.guide.note:
                raise BadInput(f"clicks: entry {number} ({_named(entry)}): {self.windows.guide.note}")

    def _perform(self, entry: Mapping[str, t.Any]) -> None:
        actions: dict[str, Callable[[t.Any, t.Any], None]] = {
            "task": lambda key, _at: self._skip_to(str(key)),
            "open": lambda url, _at: self.windows.go(str(url)),
            "click": lambda selector, at: at.locator(selector).first.click(timeout=PATIENCE),
            "see": lambda selector, at: at.locator(selector).first.wait_for(timeout=PATIENCE),
            "check": lambda selector, at: at.locator(selector).first.check(timeout=PATIENCE),
            "fill": self._fill,
            "choose": self._choose,
            "point": self._point,
            "press": lambda name, _at: self._panel(f'[data-press="{name}"]'),
            "answer": lambda text, _at: self._answer(str(text)),
            "credentials": lambda given, _at: self._credentials(given),
            "try": lambda text, _at: self.windows.panel.locator("#expression").fill(str(text), timeout=PATIENCE),
            "take": lambda text, _at: self._panel(f"[data-take={dumps(str(text), ensure_ascii=False)}]"),
            "picture": lambda path, _at: self._picture(str(path)),
        }
        frame = entry.get("frame")
        page = self.windows.page
        at: t.Any = page.frame_locator(f"[name={frame}]") if frame else page
        for name, value in entry.items():
            if name in actions:
                actions[name](value, at)

    def _fill(self, values: Mapping[str, t.Any], at: t.Any) -> None:
        for selector, value in values.items():
            at.locator(selector).first.fill(str(value), timeout=PATIENCE)

    def _choose(self, values: Mapping[str, t.Any], at: t.Any) -> None:
        for selector, label in values.items():
            at.locator(selector).first.select_option(label=str(label), timeout=PATIENCE)

    def _credentials(self, given: Mapping[str, t.Any]) -> None:
        for name, value in given.items():
            self.windows.panel.locator(f"#credentials input[name={name}]").fill(str(value), timeout=PATIENCE)
        self._panel("#credentials button")

    def _point(self, selector: str, at: t.Any) -> None:
        if not self.windows.guide.pointing:
            self._panel('[data-press="point"]')
        at.locator(selector).first.click(timeout=PATIENCE, force=True)

    def _answer(self, text: str) -> None:
        self.windows.panel.get_by_role("button", name=text, exact=True).click(timeout=PATIENCE)

    def _panel(self, selector: str) -> None:
        self.windows.panel.locator(selector).first.click(timeout=PATIENCE)
        self.windows.wait(0.05)
        self.windows.handle()

    def _skip_to(self, key: str) -> None:
        guide = self.windows.guide
        if not isinstance(guide, Guide):
            raise BadInput("clicks: only the recorder has tasks")
        if not any(task.key == key for task in guide.tasks):
            raise BadInput(f"clicks: there is no task {key!r}; the tasks are {', '.join(t.key for t in guide.tasks)}")
        while guide.task is not None and guide.task.key != key:
            last = len(guide.questions[0].choices) - 1 if guide.questions else 0
            self._panel(f'[data-answer="{last}"]' if guide.questions else '[data-press="skip"]')
        if guide.task is None:
            raise BadInput(f"clicks: the task {key!r} is over")

    def _picture(self, path: str) -> None:
        """Write one picture of both windows side by side."""
        shown = [
            f'<img src="data:image/png;base64,{b64encode(each.screenshot()).decode()}">'
            for each in (self.windows.page, self.windows.panel)
        ]
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        both = self.windows.panel.context.new_page()
        both.set_viewport_size({"width": WINDOW_SIZE["width"] + PANEL_SIZE["width"] + 10, "height": 900})
        both.set_content(f'<body style="margin:0;display:flex;gap:10px;background:#888">{"".join(shown)}</body>')
        both.screenshot(path=path)
        both.close()


def _named(entry: Mapping[str, t.Any]) -> str:
    secret = ("fill", "credentials")
    return ", ".join(name if name in secret else f"{name} {value!r}" for name, value in entry.items())
