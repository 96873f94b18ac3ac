# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The request that a browser would send for a form with these values. Knows the page's form as data; sends nothing."""

from __future__ import annotations

import re
import secrets
import typing as t
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlunsplit

from ..page.address import split_address
from ..profile.values import Press

_MAX_OPTIONS_SHOWN = 20
NO_WEB_ADDRESS = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_LINE_BREAK = re.compile(r"\r\n|\r|\n")

Control: t.TypeAlias = "Mapping[str, t.Any]"


class Unsendable(Exception):
    """The form has no such field, option or button."""


@dataclass(frozen=True)
class Submission:
    """One request. ``pairs`` are in the address for GET, and in the body otherwise."""

    method: str
    url: str
    body: dict[str, t.Any] = field(default_factory=dict)


def submission(form: Mapping[str, t.Any], values: Mapping[str, t.Any], press: Press | None) -> Submission:
    """Return the request for ``form`` with ``values`` filled in and a button pressed.

    What is not filled is sent as the page had it: hidden fields, ticked boxes, chosen entries. Raises
    :class:`Unsendable`, also for the form of a row that has boxes of other rows ticked, unless the button stands in the
    row: nobody can tell whether they are a selection, which must not be sent, or settings, which must not be left out.
    Likewise where a radio button has another row chosen, unless its field is filled.
    """
    controls: dict[str, list[Control]] = {}
    for control in form.get("controls", ()):
        controls.setdefault(control["name"], []).append(control)
    ticked_beside = form.get("ticked_beside", ())
    data: dict[str, t.Any] = dict(form["fields"])
    for name, value in values.items():
        if value is None:
            continue
        if name in ticked_beside:
            raise Unsendable(
                f"fills the box {name!r}, which other rows of the list have ticked: they would be changed as well"
            )
        if name not in controls:
            raise Unsendable(f"fills a field {name!r} that the form does not have")
        filled = _with_hidden(name, controls[name], value)
        if filled is None:
            data.pop(name, None)
        else:
            data[name] = filled
    if ticked_beside and (press is None or press.name not in form["buttons_of_row"]):
        raise Unsendable(
            f"sends boxes along which other rows of the list have ticked ({_listed(map(repr, ticked_beside))}): they "
            "might be changed as well; press a button of the row, or keep what the row has by 'row.keep', and submit "
            "the whole form in a step without 'row'"
        )
    chosen_beside = [name for name in form.get("chosen_beside", ()) if values.get(name) is None]
    if chosen_beside and (press is None or press.name not in form["buttons_of_row"]):
        raise Unsendable(
            f"sends the choice of another row of the list ({_listed(map(repr, chosen_beside))}): that one would be "
            "changed; fill the field with the value that the row has, kept by 'row.keep'"
        )
    button = _button(form, press) if press is not None else {}
    if press is not None and button.get("type") == "image":  # browsers send where on the picture the click was
        before = f"{press.name}." if press.name else ""
        data |= {f"{before}x": "0", f"{before}y": "0"}
    elif press is not None:
        data[press.name] = button.get("value") or ""
    pairs = [(name, text) for name, item in data.items() for text in _each(item)]
    files = [name for name, of_name in controls.items() for each in of_name if name and _is_open_file(each)]
    return _request(form, button, pairs, files)


def _is_open_file(control: Control) -> bool:
    """Whether the control is a file field in use; without a chosen file, browsers send an empty one."""
    return control["type"] == "file" and not control.get("disabled")


def _request(
    form: Mapping[str, t.Any], button: Mapping[str, t.Any], pairs: list[tuple[str, str]], files: list[str]
) -> Submission:
    method = (button.get("method") or form["method"]).upper()
    url = button.get("action") or form["action"]
    charset = form.get("charset") or "utf-8"
    if method == "GET":  # the form's fields take the place of a query in its address
        return Submission(method, _with_query(url, encoded(pairs, charset)))
    if form.get("enctype") == "multipart/form-data":
        return Submission(method, url, _multipart(pairs, files, charset))
    pairs = [*pairs, *((name, "") for name in files)]
    if form.get("enctype") == "text/plain":
        text = "".join(f"{name}={_LINE_BREAK.sub(chr(13) + chr(10), value)}\r\n" for name, value in pairs)
        return Submission(
            method, url, {"content": _in_charset(text, charset), "headers": {"Content-Type": "text/plain"}}
        )
    return Submission(method, url, urlencoded(pairs, charset))


def _multipart(pairs: list[tuple[str, str]], files: list[str], charset: str) -> dict[str, t.Any]:
    """Return the body as browsers write it; httpx would leave out the name of a file that is empty."""
    boundary = f"----{secrets.token_hex(16)}"
    parts = [(name, "", text) for name, text in pairs]
    parts += [(name, '; filename=""\r\nContent-Type: application/octet-stream', "") for name in files]
    text = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"{more}\r\n\r\n'
        + _LINE_BREAK.sub("\r\n", value)
        + "\r\n"
        for name, more, value in parts
    )
    return {
        "content": _in_charset(f"{text}--{boundary}--\r\n", charset),
        "headers": {"Content-Type": f"multipart/form-data; boundary={boundary}"},
    }


def _quoted(name: str) -> str:
    return _LINE_BREAK.sub("%0D%0A", name).replace('"', "%22")


def parameters(values: Mapping[str, t.Any]) -> list[tuple[str, str]]:
    """Return values as pairs for a query or a body: None is not sent, a list is sent once for each of its items."""
    return [
        (name, str(item).lower() if isinstance(item, bool) else str(item))
        for name, value in values.items()
        for item in (value if isinstance(value, (list, tuple)) else [value])
        if item is not None
    ]


def header_texts(values: Mapping[str, t.Any]) -> dict[str, str]:
    """Return texts for headers; None is not sent."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in values.items()
        if value is not None
    }


def urlencoded(pairs: Iterable[tuple[str, str]], charset: str = "utf-8") -> dict[str, t.Any]:
    """Return the body of a form that is sent as most are."""
    return {
        "content": encoded(pairs, charset).encode("ascii"),
        "headers": {"Content-Type": "application/x-www-form-urlencoded"},
    }


def encoded(pairs: Iterable[tuple[str, str]], charset: str = "utf-8") -> str:
    """Return ``pairs`` as a query, in the page's charset; what that lacks is written as HTML would (``&#8364;``)."""
    listed = [(_LINE_BREAK.sub("\r\n", name), _LINE_BREAK.sub("\r\n", text)) for name, text in pairs]
    return urlencode(listed, encoding=charset, errors="xmlcharrefreplace")


def with_parameters(url: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return ``url`` with these parameters in its query; they replace those of the same names."""
    parts, given = split_address(url), list(pairs)
    names = {name for name, _value in given}
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in names]
    return _with_query(url, urlencode([*kept, *given]), parts.fragment)


def _with_query(url: str, query: str, fragment: str = "") -> str:
    """Return ``url`` with another query; as it stands if it is no address, which the client says."""
    parts = split_address(url)
    return urlunsplit(parts._replace(query=query, fragment=fragment)) if any(parts) else url


def _in_charset(text: str, charset: str) -> bytes:
    return text.encode(charset, "xmlcharrefreplace")


def _each(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _with_hidden(name: str, controls: list[Control], value: t.Any) -> str | list[str] | None:
    """Return what all controls of a name send when ``value`` is filled in.

    A check box may have a hidden twin, whose value says that it is off. Browsers send the twin in any case.
    """
    shown = [control for control in controls if control["type"] != "hidden"]
    if not shown or len(shown) == len(controls):
        return _filled(name, controls, value)
    off = {str(control.get("value") or "") for control in controls if control["type"] == "hidden"}
    if not isinstance(value, (bool, Mapping)) and {control["type"] for control in shown} == {"checkbox"}:
        value = [item for item in (value if isinstance(value, list) else [value]) if str(item) not in off]
    filled = _filled(name, shown, value)
    sent: list[str] = []
    for control in controls:
        if control["type"] == "hidden" and not control.get("disabled"):
            sent.append(str(control.get("value") or ""))
        elif control is shown[0] and filled is not None:
            sent += _each(filled)
    return sent[0] if len(sent) == 1 else sent or None


def _filled(name: str, controls: list[Control], value: t.Any) -> str | list[str] | None:
    """Return what the field sends; None if it sends nothing.

    ``{add: …}`` and ``{remove: …}`` change what is chosen in a list that takes several entries, or in check boxes.
    """
    kinds = {control["type"] for control in controls}
    if isinstance(value, Mapping) and value and value.keys() <= {"add", "remove"}:
        return _changed(name, kinds, controls, value)
    if kinds == {"checkbox"}:
        return _ticked(name, controls, value)
    if isinstance(value, bool):
        raise Unsendable(
            f"fills the field {name!r}, which is no check box, with {str(value).lower()}; use 'map' to give its text"
        )
    if kinds == {"radio"}:
        return _chosen(name, [_as_option(control) for control in controls], value)
    if "select" in kinds:
        options = [option for control in controls for option in control["options"]]
        if not isinstance(value, list):
            return _chosen(name, options, value)
        return [_chosen(name, options, item) for item in value] or None
    if isinstance(value, (list, Mapping)):
        raise Unsendable(f"fills the field {name!r}, which takes one text, with several; 'join' makes one of them")
    return str(value)


def _ticked(name: str, boxes: list[Control], value: t.Any) -> str | list[str] | None:
    """Return the ticked boxes: true or false for a single box, a text or a list for several."""
    if isinstance(value, bool):
        if value and len(boxes) > 1:
            raise Unsendable(f"ticks {name!r}, of which there are {len(boxes)} boxes; say which")
        return (boxes[0].get("value") or "on") if value else None
    wanted = value if isinstance(value, list) else [value]
    return [_chosen(name, [_as_option(box) for box in boxes], item) for item in wanted] or None


def _changed(name: str, kinds: set[str], controls: list[Control], value: Mapping[str, t.Any]) -> str | list[str] | None:
    """Return what is chosen now, with what is to be added and without what is to be removed."""
    if kinds == {"checkbox"}:
        options = [_as_option(box) for box in controls]
        chosen = [
            option["value"]
            for option, box in zip(options, controls, strict=True)
            if box.get("checked") and not box.get("disabled")
        ]
    elif kinds == {"select"} and all(isinstance(control.get("value"), list) for control in controls):
        options = [option for control in controls for option in control["options"]]
        chosen = [option["value"] for option in options if option["selected"]]
    else:
        raise Unsendable(f"adds to or removes from the field {name!r}, which does not take several values")
    for key in ("add", "remove"):
        given = value.get(key)
        for item in given if isinstance(given, (list, tuple)) else [given]:
            if item is None:
                continue
            text = _chosen(name, options, item)
            if (text in chosen) is (key == "remove"):
                chosen = [each for each in chosen if each != text] if key == "remove" else [*chosen, text]
    order = [str(option["value"]) for option in options]
    return sorted(chosen, key=order.index) or None


def _as_option(control: Control) -> dict[str, t.Any]:
    return {"value": control.get("value") or "on", "label": control.get("label", "")}


def _chosen(name: str, options: list[dict[str, t.Any]], value: t.Any) -> str:
    """Return the value of the option whose value or, failing that, whose label equals ``value``: of one option only."""
    text = str(value)
    for key in ("value", "label"):
        found = {str(option["value"]) for option in options if option[key] == text and (text or key == "value")}
        if len(found) > 1:
            raise Unsendable(f"chooses {text!r} for the field {name!r}, in which {len(found)} options are called so")
        if found:
            return found.pop()
    offered = [repr(option["label"] or option["value"]) for option in options]
    raise Unsendable(f"chooses {text!r} for the field {name!r}, which offers {_listed(offered) or 'nothing'}")


def _listed(names: Iterable[str]) -> str:
    """Return names for a message, the first of them if there are many."""
    listed = list(names)
    return ", ".join(listed[:_MAX_OPTIONS_SHOWN]) + (", …" if len(listed) > _MAX_OPTIONS_SHOWN else "")


def _button(form: Mapping[str, t.Any], press: Press) -> Mapping[str, t.Any]:
    named = [
        button
        for button in form.get("buttons", ())
        if button["name"] == press.name and press.value in (None, button.get("value"))
        if press.name or button.get("type") == "image"
    ]
    what = f"a button {press.name!r}" + (f" of the value {press.value!r}" if press.value is not None else "")
    if not named:
        raise Unsendable(f"presses {what} that does not exist")
    usable = next((button for button in named if not button.get("disabled")), None)
    if usable is None:
        raise Unsendable(f"presses {what} that is switched off")
    return t.cast("Mapping[str, t.Any]", usable)
