// SPDX-FileCopyrightText: 2026 printops.prisma contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// PRISMA Home as an application: signs in with PKCE, keeps its token in local storage, and talks JSON.
"use strict";

const KEY = "prismaHome.session";
const root = document.getElementById("application");
const { issuer, client } = root.dataset;
const here = location.origin + "/application/";

function base64url(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function random() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function session() {
  const kept = JSON.parse(localStorage.getItem(KEY) || "null");
  return kept && kept.expiresAt * 1000 > Date.now() ? kept : null;
}

async function leave() {
  const kept = { state: random(), verifier: random(), nonce: random() };
  sessionStorage.setItem("prismaHome.signIn", JSON.stringify(kept));
  const challenge = base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(kept.verifier)));
  const query = new URLSearchParams({
    response_type: "code", client_id: client, scope: "openid email", redirect_uri: here, state: kept.state,
    nonce: kept.nonce, code_challenge: challenge, code_challenge_method: "S256",
  });
  location.assign(`${issuer}/authorize?${query}`);
}

async function comeBack(given) {
  const kept = JSON.parse(sessionStorage.getItem("prismaHome.signIn") || "{}");
  sessionStorage.removeItem("prismaHome.signIn");
  history.replaceState(null, "", here);
  if (!kept.state || kept.state !== given.get("state")) return;
  const body = new URLSearchParams({
    grant_type: "authorization_code", code: given.get("code"), code_verifier: kept.verifier, redirect_uri: here,
    client_id: client,
  });
  const answer = await fetch(`${issuer}/token`, { method: "POST", body });
  if (!answer.ok) return;
  const token = await answer.json();
  const expiresAt = Math.floor(Date.now() / 1000) + token.expires_in;
  localStorage.setItem(KEY, JSON.stringify({ accessToken: token.access_token, expiresAt }));
}

async function ask(path, options = {}) {
  const headers = { Authorization: `Bearer ${session().accessToken}`, Accept: "application/json" };
  const answer = await fetch(`/api/v1/${path}`, { ...options, headers: { ...headers, ...options.headers } });
  if (answer.status === 401) {
    localStorage.removeItem(KEY);
    show();
  }
  return answer.status === 204 ? null : answer.json();
}

function showSignIn(text = "") {
  root.replaceChildren(
    element("h1", {}, "Sign in"),
    ...(text ? [element("p", { id: "message", className: "error" }, text)] : []),
    element("button", { id: "sign-in", onclick: leave }, "Sign in"),
  );
}

async function showDevices() {
  const me = await ask("me");
  if (!me || !me.tenant) return showSignIn(me && me.message);
  const rows = [];
  let next = "";
  do {
    const page = await ask(`tenants/${me.tenant.id}/devices?limit=100${next && `&cursor=${encodeURIComponent(next)}`}`);
    rows.push(...page.items);
    next = page.next;
  } while (next);
  const columns = ["name", "status", "serialNumber", "model", "location"];
  const body = rows.map((row) => element("tr", {}, ...columns.map((key) => element("td", {}, row[key] || ""))));
  const signOut = async () => {
    await ask("sign-out", { method: "POST" });
    localStorage.removeItem(KEY);
    show();
  };
  root.replaceChildren(
    element("p", {}, element("span", { id: "person" }, me.email || ""), " ", element("span", { id: "tenant" }, me.tenant.name)),
    element("h1", {}, "List of devices"),
    element("p", { id: "count" }, `This list has ${rows.length} devices.`),
    element("table", { id: "devices" }, element("tbody", {}, ...body)),
    element("button", { id: "log-out", onclick: signOut }, "Log out"),
  );
}

async function show() {
  const given = new URLSearchParams(location.search);
  if (given.has("code")) await comeBack(given);
  if (session()) await showDevices();
  else showSignIn();
}

show();
