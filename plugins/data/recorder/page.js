// SPDX-FileCopyrightText: 2026 printops.prisma contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Runs in every frame of the recorded window: says what is typed, and in pointing mode what is clicked on.
(() => {
  "use strict";
  if (window.printopsPointing) return;
  const MARKER = "printops-marker-7391";
  const ADDRESS = "https://printops-marker.example/7391";
  const FLAG = "data-printops-pointed";
  let pointing = false;
  let outlined = null;
  let outline = "";
  const tell = (event, told) => {
    try { window.printopsRecorder(JSON.stringify({ event, ...told })); } catch (error) { /* the window is closing */ }
  };
  const plain = (text) => (text || "").replace(/\s+/g, " ").trim();
  const isControl = (element) => /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName);

  function labelOf(element) {
    const own = element.labels && element.labels[0];
    if (own) return plain(own.textContent);
    const cell = element.closest("td,th,dd");
    const before = cell && cell.previousElementSibling;
    return plain(element.getAttribute("aria-label") || (before ? before.textContent : ""));
  }

  function radios(control) {
    const all = [...(control.form || control.getRootNode()).querySelectorAll("input[type=radio]")];
    return all.filter((each) => each.name === control.name);
  }

  function wholeElement(target) {
    // What is meant is the link, not the bold text in it; a label means its control.
    const label = target.closest("label");
    const control = target.closest("input,select,textarea") || (label && label.control);
    // The value of a group of radio buttons is that of the one which is on.
    if (control) return control.type === "radio" ? radios(control).find((each) => each.checked) || control : control;
    return target.closest("option") ? target.closest("option").closest("select") || target : target;
  }

  function kindOf(element) {
    if (isControl(element)) return element.type === "checkbox" ? "checkbox" : "control";
    if (element.tagName === "IMG") return "image";
    const link = element.closest("a[href]");
    return link && plain(link.textContent) === link.href ? "address" : "text";
  }

  function valueOf(element, kind) {
    if (kind === "checkbox") return element.checked;
    if (kind === "control") return element.type === "password" ? "" : element.value;
    if (kind === "image") return element.src;
    if (kind === "address") return element.closest("a[href]").href;
    return plain(element.textContent);
  }

  function mark(element, kind) {
    if (kind === "checkbox") element.toggleAttribute("checked");
    else if (kind === "image") element.setAttribute("src", ADDRESS);
    else if (kind === "address") {
      const link = element.closest("a[href]");
      link.setAttribute("href", ADDRESS);
      link.textContent = ADDRESS;
    } else if (element.tagName === "SELECT") {
      for (const option of element.querySelectorAll("option")) option.removeAttribute("selected");
      const option = element.ownerDocument.createElement("option");
      option.setAttribute("value", MARKER);
      option.setAttribute("selected", "");
      option.textContent = MARKER;
      element.append(option);
    } else if (element.tagName === "INPUT") {
      if (element.type === "radio") for (const each of radios(element)) each.toggleAttribute("checked", each === element);
      else element.setAttribute("type", "text");  // a number or a date could not have the value of the marker
      element.setAttribute("value", MARKER);
    }
    else element.textContent = MARKER;
  }

  function copyWith(element, change) {
    element.setAttribute(FLAG, "");
    const copy = document.documentElement.cloneNode(true);
    element.removeAttribute(FLAG);
    const found = copy.querySelector(`[${FLAG}]`) || copy;
    found.removeAttribute(FLAG);
    change(found);
    return "<!DOCTYPE html>" + copy.outerHTML;
  }

  function idsOf(element) {
    const ids = [];
    for (let each = element; each; each = each.parentElement) if (each.id) ids.push(each.id);
    return ids;
  }

  function describe(target) {
    leave();
    const element = wholeElement(target);
    const kind = kindOf(element);
    const whole = element.closest("a[href],button") || element;
    return {
      kind,
      value: valueOf(element, kind),
      href: whole.tagName === "A" ? whole.href : "",
      tag: element.tagName.toLowerCase(),
      name: element.getAttribute("name") || "",
      label: isControl(element) ? labelOf(element) : "",
      ids: idsOf(element),
      marked: copyWith(element, (found) => mark(found, kind)),
      removed: copyWith(whole, (found) => { const form = found.tagName === "BUTTON" && found.form; (form || found).remove(); }),
    };
  }

  function leave() {
    if (outlined) outlined.style.outline = outline;
    if (outlined && !outlined.getAttribute("style")) outlined.removeAttribute("style");
    outlined = null;
  }

  function enter(element) {
    leave();
    outlined = element;
    outline = element.style.outline;
    element.style.outline = "3px solid #c60";
  }

  const swallow = (event) => {
    if (!pointing) return false;
    event.preventDefault();
    event.stopImmediatePropagation();
    return true;
  };
  for (const name of ["pointerup", "mousedown", "mouseup", "click", "dblclick", "auxclick", "submit"]) {
    window.addEventListener(name, swallow, true);
  }
  // Not at the click: a check box has changed by then. And no other event follows a pointerdown that is swallowed.
  window.addEventListener("pointerdown", (event) => {
    if (swallow(event) && event.target instanceof Element) tell("pointed", { element: describe(event.target) });
  }, true);
  window.addEventListener("mouseover", (event) => {
    if (pointing && event.target instanceof Element) enter(wholeElement(event.target));
  }, true);
  for (const name of ["input", "change"]) {
    window.addEventListener(name, (event) => {
      const element = event.target;
      if (!(element instanceof Element) || !isControl(element)) return;
      const ticked = element.type === "checkbox";
      tell("typed", {
        name: element.name || element.id,
        label: labelOf(element),
        kind: element.type,
        value: ticked ? String(element.checked) : element.value,
      });
    }, true);
  }
  window.printopsPointing = (on) => { pointing = on; if (!on) leave(); };
  Promise.resolve(window.printopsRecorder(JSON.stringify({ event: "ready" }))).then(
    (on) => { pointing = Boolean(on); }, () => {});
})();
