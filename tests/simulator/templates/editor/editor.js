// SPDX-FileCopyrightText: 2026 printops.prisma contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Knows how the Settings Editor is drawn and clicked; every value comes from the JSON beside it.
"use strict";

const t = JSON.parse(document.getElementById("texts").textContent);
const main = document.getElementById("editor");
let session = null;

async function call(method, path, body) {
  const options = { method, headers: { "X-Editor-Token": session ? session.token : "" } };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const answer = await fetch(path, options);
  if (answer.status === 204) return {};
  if (!(answer.headers.get("Content-Type") || "").includes("json")) { location.reload(); throw new Error("signed out"); }
  const data = await answer.json();
  if (!answer.ok) throw new Error(data.message || data.code);
  return data;
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

function show(heading, ...children) {
  main.replaceChildren(element("h1", {}, heading), ...children, element("p", { id: "message", role: "status" }));
}

function say(text, wrong) {
  const line = document.getElementById("message");
  line.textContent = text;
  line.className = wrong ? "error" : "";
}

const guarded = (work) => async (event) => {
  event.preventDefault();
  try { await work(event.target); } catch (error) { say(error.message, true); }
};

function rows(items) {
  return element("table", {}, ...items.map((item) =>
    element("tr", {}, element("th", {}, item.label), element("td", { id: item.id }, item.value))));
}

const field = (label, attributes) => element("label", {}, `${label} `, element("input", attributes));

function choice(label, name, options) {
  return element("label", {}, `${label} `, element("select", { name, onchange: signInFields },
    ...options.map(([value, text]) => element("option", { value }, text))));
}

function signInFields() {
  // The domain comes first. Only the names of the printer's own accounts are listed.
  const form = document.getElementById("sign-in");
  const local = !form.domain || form.domain.value === "";
  const listed = local && session.userNames.length > 0;
  if (Boolean(form.user && form.user.tagName === "SELECT") === listed && form.user) return;
  document.getElementById("user-name").replaceChildren(
    listed ? choice(t.user_name, "user", session.userNames.map((name) => [name, name]))
      : field(t.user_name, { name: "user" }));
}

function signInPage() {
  const domains = session.domains.length
    ? [choice(t.domain, "domain", [["", t.this_printer], ...session.domains.map((name) => [name, name])])] : [];
  show(t.sign_in, element("form", { id: "sign-in", onsubmit: guarded(async (form) => {
    const domain = form.domain ? form.domain.value : "";
    session = await call("POST", "api/session", { domain, user: form.user.value, password: form.password.value });
    begin();
  }) }, ...domains, element("div", { id: "user-name" }), field(t.password, { name: "password", type: "password" }),
  element("button", {}, t.sign_in)));
  signInFields();
}

function passwordPage() {
  show(t.change_password, element("p", {}, t.password_change), element("form", { onsubmit: guarded(async (form) => {
    await call("PUT", "api/session/password", { old: form.old.value, new: form.new.value });
    session.mustChangePassword = false;
    begin();
  }) }, field(t.old_password, { name: "old", type: "password" }), field(t.new_password, { name: "new", type: "password" }),
  element("button", {}, t.save)));
}

async function devicePage() { show(t.device, rows((await call("GET", "api/device")).items)); }

async function remotePage() { show(t.remote_service, rows((await call("GET", "api/remote-service")).items)); }

async function proxyPage() {
  const proxy = await call("GET", "api/connectivity/proxy");
  show(`${t.configuration} > ${t.connectivity} > ${t.proxy}`, element("form", { id: "proxy", onsubmit: guarded(async (form) => {
    await call("PUT", "api/connectivity/proxy", {
      enabled: form.enabled.checked, host: form.host.value, port: form.port.value ? Number(form.port.value) : null,
      user: form.user.value, password: form.password.value || null,
      exceptions: form.exceptions.value.split(/[\s;,]+/).filter(Boolean) });
    await proxyPage();
  }) },
  field(t.use_proxy, { name: "enabled", type: "checkbox", checked: proxy.enabled }),
  field(t.proxy_host, { name: "host", value: proxy.host }),
  field(t.proxy_port, { name: "port", value: proxy.port === null ? "" : proxy.port }),
  field(t.user_name, { name: "user", value: proxy.user }),
  field(t.password, { name: "password", type: "password" }),
  field(t.proxy_exceptions, { name: "exceptions", value: proxy.exceptions.join("; ") }),
  element("button", {}, t.save),
  element("button", { type: "button", onclick: guarded(async () => {
    const test = await call("POST", "api/connectivity/proxy/test", {});
    say(`${test.result}: ${test.text}`);
  }) }, t.test_connection)));
}

async function cloudPage() {
  const cloud = await call("GET", "api/connectivity/cloud-service");
  const base = "api/connectivity/cloud-service";
  show(`${t.configuration} > ${t.connectivity} > ${t.cloud_service}`,
    ...cloud.applications.map((application) => element("label", {}, element("input", {
      type: "checkbox", id: application.id, checked: application.enabled, onchange: guarded(async (box) => {
        await call("PUT", `${base}/applications/${application.id}`, { enabled: box.checked });
        await cloudPage();
      }) }), ` ${application.label}`)),
    rows([{ id: "registration", label: t.registration, value: cloud.registration.state },
      { id: "registered-with", label: t.registered_with, value: cloud.registration.registeredWith }]),
    element("button", { id: "register", onclick: guarded(async () => {
      const asked = await call("POST", `${base}/registration/question`, {});
      document.getElementById("confirm").replaceChildren(element("p", {}, asked.question),
        element("button", { id: "confirm-yes", onclick: guarded(async () => {
          // The window is opened in the click itself; later the browser would take it for a pop-up.
          const page = window.open("", "_blank");
          document.getElementById("confirm").replaceChildren();
          try { page.location = (await call("POST", `${base}/registration`, { confirmation: asked.confirmation })).location; }
          catch (error) { page.close(); throw error; }
        }) }, t.yes), element("button", { id: "confirm-no", onclick: guarded(cloudPage) }, t.no));
    }) }, t.register), element("div", { id: "confirm" }));
}

const pages = [[t.device, devicePage, ""], [t.remote_service, remotePage, ""],
  [t.proxy, proxyPage, "below"], [t.cloud_service, cloudPage, "below"]];

function begin() {
  document.getElementById("user").textContent = session.user;
  document.getElementById("log-out").hidden = !session.signedIn;
  const menu = document.getElementById("menu");
  menu.replaceChildren();
  if (!session.signedIn) { signInPage(); return; }
  if (session.mustChangePassword) { passwordPage(); return; }
  for (const [label, page, place] of pages) {
    menu.append(element("a", { href: "#", class: place, onclick: guarded(page) }, label));
  }
  devicePage();
}

document.getElementById("log-out").addEventListener("click", guarded(async () => {
  await call("DELETE", "api/session");
  location.reload();
}));

fetch("api/session").then((answer) => answer.json()).then((found) => { session = found; begin(); });
