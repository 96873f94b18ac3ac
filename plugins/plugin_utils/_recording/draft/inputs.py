# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells which input of an operation a recorded value is, so that a step sends the input in its place. Knows no step.

What a person showed says it (what was typed where, which field was pointed at); otherwise words do, or a question.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from ..hints import SWITCH_TEXTS, meaning_of, word_score
from ..matching import selects_operation
from ..sensitive import EMAIL, is_plausible, kind_of_name, looks_random, name_words
from .builder import DECIDE, Choice
from .candidates import identifier
from .fields import GOOD
from .form_matches import Form
from .history import RecordedSubmission, Visit
from .input_names import own_input
from .sent_places import inputs_by_place, may_be_of_one, may_mean_others, scalars, settings_in, values_in
from .submitted_fields import set_by_scripts, submitted_fields
from .tokens import may_be_key

SHORT = 8
"""Characters of a text that a script sets in every sign-in, such as a language or the width of the screen."""
LIST_SEPARATORS = ("; ", ";", ", ", ",", "\n", " ")

AskInput = Callable[[str, str], str | None]
"""Asks which input a field fills (its key, its label): an input, None for a constant, :data:`DECIDE` if it is open."""


@dataclass
class InputNames:
    """What the values in requests are. ``by_control``: the input that a control fills, by the control's name.

    ``by_json``: the input by the JMESPath expression that reads the same value. ``by_value``: known values, their case
    folded, such as the address of the test person. ``by_place``: the input that each place in a request has by its
    name, and whether that is sure. ``words``: names of each input.

    ``passwords``: those of the account; ``new_password``: the input for any other one that was typed. ``typed``: what
    was typed, by control; None if nobody saw it, so that every value may have been.

    ``lists``: inputs that are lists; ``separator``: of one whose entries the recording does not separate. ``choices``:
    inputs that choose an option, with the ``words`` of the field and of each of their ``values``. ``switches``: inputs
    that are true or false where the interface has texts, with one of the two texts and whether it means true.

    ``kept``: the names under which an earlier step keeps values. ``present``: those under which it keeps what was sent
    unchanged, by its place in the request. ``key_names``: the names under which a request sends the key of its row,
    if it sends the same number under others, too; empty if each of these numbers is the key.

    ``of_rows``: values that may mean a row of a list, though not the one on which the operation acts, and names of what
    one row alone has. ``of_page``: values in the address of the page with the form or the list that may mean a row.
    ``same_in_rows``: texts that links in several rows give to a script. ``doubts``: answers to choose from, by the name
    of each value of which nothing says what it is.
    """

    by_control: Mapping[str, str] = field(default_factory=dict)
    by_json: Mapping[str, str] = field(default_factory=dict)
    by_value: dict[str, str] = field(default_factory=dict)
    words: Mapping[str, list[str]] = field(default_factory=dict)
    passwords: frozenset[str] = field(default_factory=frozenset, repr=False)
    new_password: str = "password"
    typed: Mapping[str, str] | None = field(default=None, repr=False)
    lists: frozenset[str] = frozenset({"exceptions"})
    separator: str = ";"
    kept: dict[str, str] = field(default_factory=dict)
    present: Mapping[str, str] = field(default_factory=dict)
    by_place: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    key_names: frozenset[str] = frozenset()
    choices: Mapping[str, Mapping[str, t.Any]] = field(default_factory=dict)
    switches: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    ask: AskInput = lambda _name, _label: None
    of_rows: frozenset[str] = frozenset()
    of_page: frozenset[str] = frozenset()
    same_in_rows: frozenset[str] = frozenset()
    doubts: dict[str, list[Choice]] = field(default_factory=dict, repr=False)

    def of_value(self, value: t.Any) -> str | None:
        """Return the input that has this value, None without one."""
        text = "" if value is None else str(value)
        if text in self.passwords:
            return "password"
        if text in self.kept:
            return self.kept[text]
        return self.by_value.get(text.casefold()) if text else None

    def of_words(self, *texts: str, besides: Collection[str] = ()) -> str | None:
        """Return the input of which one of ``texts`` is a name, none of ``besides``; None without one."""
        free = ((each, words) for each, words in self.words.items() if each not in besides)
        scored = {each: max(word_score(text, words) for text in texts) for each, words in free}
        best = max(scored, key=lambda each: scored[each], default=None)
        return best if best is not None and scored[best] >= GOOD else None

    def value(self, value: t.Any) -> t.Any:
        """Return the placeholder of the input that has this value, or the value."""
        found = self.of_value(value)
        return value if found is None else f"${{{found}}}"

    def path(self, path: str) -> str:
        """Return ``path`` with a placeholder for each part that is a known value."""
        found = ((part, self.of_value(unquote(part))) for part in path.split("/"))
        return "/".join(f"${{{name}}}" if name else part for part, name in found)

    # --- forms ---

    def fill(self, part: RecordedSubmission) -> dict[str, t.Any]:
        """Return the fields that a step fills in: passwords, known values, and what the person or a script changed."""
        by_control = self._controls_of(part.form)
        fill = {
            name: self._filled(controls, given, before, by_control.get(name))
            for name, controls, given, before in submitted_fields(part)
        }
        return {name: value for name, value in fill.items() if value is not None}

    def fill_hidden(self, part: RecordedSubmission) -> dict[str, t.Any]:
        """Return the fields that a script has set in a form that acts on nobody: a short text is a constant.

        Of a longer one the page has the present value, such as where to go on after a sign-in, unless it had none.
        """
        changed = set_by_scripts(part)
        made = {name: value for name, value in self.fill(part).items() if name in changed}
        short = {name: text for name, text in changed.items() if _is_short(text)}
        made = {name: short.get(name, value) if value == DECIDE else value for name, value in made.items()}
        return {name: value for name, value in made.items() if value != DECIDE or not part.form["fields"].get(name)}

    def _controls_of(self, form: Form) -> Mapping[str, str]:
        """Return the input of each control: as it was shown, or by its label or name, each input once."""
        found = dict(self.by_control)
        for control in form["controls"]:
            name = control["name"]
            if name and name not in found and control["type"] not in ("hidden", "file", "submit", "password"):
                label = control["label"] if control["type"] != "radio" else name  # its own is that of one choice
                best = self.of_words(label, name, besides=found.values())
                found |= {name: best} if best is not None else {}
        return found

    def _filled(
        self, controls: Sequence[Mapping[str, t.Any]], every: list[str], before: list[str], named: str | None
    ) -> t.Any:
        """Return what a step fills into the controls of one name, None if it leaves them as they are."""
        changed, control = every != before, controls[0]
        sent = every[0] if len(every) == 1 else None
        if control["type"] == "hidden":
            if changed and every:
                return self._set_by_script(control, every, before)
            return self._doubted(control["name"], None, every)
        if (changed or control["type"] == "radio") and control["name"] in self.of_rows:
            self.doubted(control["name"], True if control["type"] == "checkbox" and every else None)
            if control["type"] == "password":
                self.doubts[control["name"]].insert(0, Choice(f"${{{self.new_password}}}", "the same password again"))
            return DECIDE
        if control["type"] == "password":
            given = "password" if sent in self.passwords else self.new_password
            return f"${{{given}}}" if sent or given in self.words else None
        chosen = self._chosen_by(control)
        if chosen is not None:
            return chosen
        found = self.of_value(sent) or named
        if found is None and changed and (made := self._among_others(controls, every, before)) is not None:
            return made
        if found is None and changed:
            label = control["label"] if control["type"] != "radio" else ""
            found = self.ask(control["name"], label or control["name"])
        if found is None and changed and control["type"] == "checkbox" and len(controls) == 1 and not every:
            return False
        if found is None:
            constant = every if sent is None and every else sent
            return self._doubted(control["name"], constant, every) if changed else None
        return self._filled_by(found, controls, every, before)

    def _among_others(self, controls: Sequence[Mapping[str, t.Any]], every: list[str], before: list[str]) -> str | None:
        """Return :data:`DECIDE` if only a part of a field was changed that has several entries, such as people.

        The others may be different each time, so what was sent is no answer, and one input is not the whole field.
        """
        several = len(controls) > 1 or isinstance(controls[0]["value"], list)
        several = several and controls[0]["type"] in ("checkbox", "select")
        parts = [
            {part for text in texts for part in ([text] if several else text.split())} for texts in (before, every)
        ]
        if not parts[0] & parts[1] or not (several or (controls[0]["type"] == "textarea" and self.words)):
            return None
        name, change = controls[0]["name"], "remove" if parts[0] > parts[1] else "add"
        inputs = [f"${{{each}}}" for each in self.words or (own_input(name) or "value",)] if several else []
        self.doubts[name] = [Choice({change: each}, "the others stay as they are") for each in inputs]
        self.doubts[name].append(Choice(None, "as the page has it"))
        return DECIDE

    def _filled_by(
        self, name: str, controls: Sequence[Mapping[str, t.Any]], every: list[str], before: list[str]
    ) -> t.Any:
        """Return what a step fills in for an input: its value, one of two texts, or the entries of a list."""
        if name in self.switches:
            return self._switched(name, controls, [*every, *before])
        if name not in self.lists:
            return _placeholder(name)
        text = every[0].strip() if len(every) == 1 else ""
        separator = next((each for each in LIST_SEPARATORS if each in text), self.separator)
        return {"join": separator, "of": _placeholder(name)}

    def _set_by_script(self, control: Mapping[str, t.Any], every: list[str], before: list[str]) -> t.Any:
        """Return what a step fills into a hidden field that was sent with another value than the page had."""
        name, sent = control["name"], every[0] if len(every) == 1 else ""
        found = self.of_value(sent) or self._typed_as(sent)
        if found is not None:
            return self._filled_by(found, [control], every, before)
        if all(before) and kind_of_name(name) == "token" and is_plausible("token", sent):
            return None  # of which the page always has the present one; any other may be the key of a person
        if selects_operation(name) and (sent in self.same_in_rows or not any(map(str.isdigit, sent))):
            return sent
        about = self.of_words(name)
        texts = {text: meaning_of(text, SWITCH_TEXTS) for text in [*every, *before]}
        on = {meaning: text for text, meaning in texts.items() if meaning}
        choices = [Choice({"map": on, "of": f"${{{about}}}"})] if about and len(on) == len(texts) == 2 else []
        choices += [Choice(f"${{{each}}}") for each in self.words if not choices or each != about]
        choices += [Choice(sent, "as recorded, every time")] if _is_short(sent) else []  # no secret gets into a draft
        self.doubts[name] = [*choices, Choice(None, "as the page has it")]
        return DECIDE

    def _switched(self, name: str, controls: Sequence[Mapping[str, t.Any]], shown: list[str]) -> t.Any:
        """Return the text for true and the one for false, of which one is known; the other was shown or is offered."""
        known, on = self.switches[name]
        offered = [each["value"] for control in controls for each in (control.get("options") or [control])]
        others = dict.fromkeys(each for each in shown if each != known) or dict.fromkeys(offered)
        texts = [each for each in others if each != known]
        if len(texts) != 1:
            return _placeholder(name)
        return {"map": {str(on).lower(): known, str(not on).lower(): texts[0]}, "of": _placeholder(name)}

    def _chosen_by(self, control: Mapping[str, t.Any]) -> dict[str, t.Any] | None:
        """Return the value of a list of options that an input chooses from, in the words of the interface."""
        for name, choice in self.choices.items():
            words = (word_score(control["label"], choice["words"]), word_score(control["name"], choice["words"]))
            offered = [each["label"] or each["value"] for each in control.get("options", ())]
            meanings = {meaning_of(each, choice["values"]): each for each in offered}
            if max(words) >= GOOD and meanings.keys() >= choice["values"].keys():
                return {"map": {value: meanings[value] for value in choice["values"]}, "of": f"${{{name}}}"}
        return None

    # --- requests without a form on a page ---

    def sent_path(self, path: str, key: str = "path") -> str:
        """Return ``path`` with a placeholder also for each key that follows a name of an input (devices/SERIAL).

        ``key``: that of the step which has the path.
        """
        parts = self.path(path).split("/")
        of_key = [at for at, part in enumerate(parts) if part[2:-1] in self.kept.values()] if self.key_names else []
        if len(of_key) > 1:  # such as users/3/roles/3
            known = path.split("/")
            some = ("/".join([*known[:at], parts[at], *known[at + 1 :]]) for at in of_key)
            self.doubts[key] = [Choice(each) for each in (*some, "/".join(parts))]
            return DECIDE
        for at, before in enumerate(parts[:-1]):
            is_key = not before.startswith("${") and may_be_key(unquote(parts[at + 1]))
            found = None if not is_key else self.of_words(before.rstrip("s"))
            parts[at + 1] = parts[at + 1] if found is None else f"${{{found}}}"
        return str(self._doubted(key, "/".join(parts), map(unquote, parts)))

    def sent_form(self, form: Sequence[tuple[str, str]]) -> dict[str, t.Any]:
        """Return the fields or the query that a script sent, with placeholders."""
        self._find_inputs({identifier(name): name for name, _value in form})
        return {name: self._sent(name, value, self.by_control.get(name), identifier(name)) for name, value in form}

    def sent_json(self, sent: Visit) -> t.Any:
        """Return the body of a JSON request with placeholders. Of JSON-RPC only the arguments are values."""
        body, rpc = sent.sent_json, bool(sent.rpc_method)
        inside = {key: value for key, value in body.items() if isinstance(value, (Mapping, list))} if rpc else body
        self._find_inputs({at: name for at, name, _value in values_in(inside)})
        made = self._json(inside, "", "")
        return {key: made.get(key, value) for key, value in body.items()} if rpc else made

    def _find_inputs(self, places: Mapping[str, str]) -> None:
        self.by_place = inputs_by_place(places, self.present.keys(), self.words, self.of_words)

    def _json(self, body: t.Any, at: str, name: str) -> t.Any:
        if at in self.by_json:
            return f"${{{self.by_json[at]}}}"
        if isinstance(body, Mapping):
            return {
                key: self._json(value, f"{at}.{identifier(str(key))}" if at else identifier(str(key)), str(key))
                for key, value in body.items()
            }
        settings = settings_in(body, at)
        if any(place in self.present for place, _called in settings):
            pairs = zip(body, settings, strict=True)
            return [{**each, "value": self._json(each["value"], *setting)} for each, setting in pairs]
        return self._sent(name, body, None, at)

    def _sent(self, name: str, value: t.Any, known: str | None, at: str) -> t.Any:
        """Return the placeholder for a value that was sent under ``name``, the value itself if it is a constant.

        ``at``: its place in the request. What was sent as the interface had it is sent as the interface has it then.
        """
        by_name, is_sure = self.by_place.get(at, (None, True))
        same = None if isinstance(value, (bool, list)) else self.of_value(value)
        if by_name and not known and not is_sure:
            present = [Choice(f"${{{self.present[at]}}}", "as the interface has it")] if at in self.present else []
            self.doubts[at] = [Choice(f"${{{by_name}}}"), *present]
            return DECIDE
        known = known or by_name
        if at in self.present and known is None and (same is not None or not self._was_typed(value)):
            return f"${{{self.present[at]}}}"
        if isinstance(value, list) and (inside := self._inside(value)) != value:
            others = may_mean_others(inside, len(value))
            return self.doubted(name, inside) if others else self._doubted(name, inside, scalars(inside))
        if same in self.kept.values() and self.key_names and name_words(name) not in self.key_names:
            same = None if self.typed is None else self._doubt_key(name, value)
        found = known or same
        if found is None and isinstance(value, str) and value and kind_of_name(name) == "password":
            found = self.new_password
        objects = isinstance(value, list) and any(isinstance(each, Mapping) for each in value)
        if found is None and self.typed is not None and objects:
            return self.doubted(name, value)  # nobody typed it, and another interface may have other entries
        if found is None and self.words and isinstance(value, list) and len(value) > 1:
            self.doubts[name] = []  # no one input is all of them
            return DECIDE
        if found is None and self.typed is None:
            found = self.ask(name, name) if value is not None else None
        elif found is None and not isinstance(value, (bool, list)):
            found = self._typed_as(value)
        if found is None and self.typed is not None and may_be_of_one(name, value):
            return self.doubted(name, value)
        return self._doubted(name, value, scalars(value)) if found is None else _placeholder(found)

    def _doubt_key(self, name: str, value: t.Any) -> str:
        self.doubts[name] = [Choice(f"${{{each}}}", "of its row") for each in {*self.kept.values()}]
        self.doubts[name].append(Choice(value, "as recorded, every time"))
        return DECIDE

    def asked_json(self, body: t.Any) -> t.Any:
        """Return JSON that only asks for something, with a placeholder for each known value."""
        inside = self._inside(body)
        return self._doubted("json", inside, scalars(inside))

    def _inside(self, value: t.Any) -> t.Any:
        """Return what a list contains with a placeholder for each known value, however deep it is."""
        if isinstance(value, Mapping):
            return {key: self._inside(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._inside(item) for item in value]
        return value if isinstance(value, bool) else self.value(value)

    def is_input(self, name: str, value: t.Any) -> bool:
        """Whether the name or the value of what was sent is that of an input, or somebody typed it."""
        typed = str(value) in filter(None, (self.typed or {}).values())
        same = None if isinstance(value, (bool, list)) else self.of_value(value)
        return typed or same is not None or name in self.by_control or self.of_words(name) is not None

    def _was_typed(self, value: t.Any) -> bool:
        """Whether somebody typed ``value`` into a control, and nothing says at which place it is sent."""
        controls = (control for control, text in (self.typed or {}).items() if text and text == str(value))
        return any(self.by_control.get(each) not in self.by_json.values() for each in controls)

    def _typed_as(self, value: t.Any) -> str | None:
        """Return the input of the control into which ``value`` was typed, or what :attr:`ask` says of that control."""
        controls = [control for control, text in (self.typed or {}).items() if text and text == str(value)]
        found = next((self.by_control[each] for each in controls if each in self.by_control), None)
        return found or (self.ask(controls[0], controls[0]) if controls else None)

    def constant(self, name: str, text: str) -> t.Any:
        """Return what was sent with a placeholder where it is a known value."""
        found = self.value(text)
        return self._doubted(name, found, [found])

    def _doubted(self, name: str, drafted: t.Any, parts: Iterable[t.Any]) -> t.Any:
        """Return what was drafted; :data:`DECIDE` if one of its constant parts may mean a row, or names a person."""
        texts = [*map(str, parts)]
        names_person = drafted is not None and any(map(EMAIL.search, texts))
        return self.doubted(name, drafted) if names_person or self.of_rows & {*texts} else drafted

    def doubted(self, name: str, drafted: t.Any) -> str:
        """Return :data:`DECIDE` for what may act on another row or person each time, and offer what was drafted."""
        self.doubts[name or "json"] = [
            Choice(drafted, "as the page has it" if drafted is None else "as recorded, every time")
        ]
        return DECIDE


def _is_short(text: str) -> bool:
    return 0 < len(text) <= SHORT and not looks_random(text, SHORT)


def _placeholder(name: str) -> str:
    return name if name == DECIDE else f"${{{name}}}"
