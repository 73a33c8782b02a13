// The panel: arguments in, a token or a refusal out. Everything shown is set as text.

import { decoded } from "/page/jwt.js";

const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const form = find("#form");
const result = find("#result");
let timer;

const element = (name, text, className = "") =>
  Object.assign(document.createElement(name), { textContent: text, className });

// ---- The arguments -------------------------------------------------------------------------

const door = () => find("[name=door]:checked").value;
const ofUser = () => door() === "/me/token";
const text = (id) => find(`#${id}`).value.trim();

function addRow(group, name = "", value = "") {
  const kind = group.dataset.names;
  const row = find("#row").content.cloneNode(true).firstElementChild;
  const [nameInput, valueInput, remove] = row.children;
  Object.assign(nameInput, { value: name, placeholder: kind, ariaLabel: `${kind}, name` });
  const valueKind = kind === "provider" ? "user identifier" : "value";
  Object.assign(valueInput, { value, placeholder: valueKind, ariaLabel: `${kind}, ${valueKind}` });
  remove.ariaLabel = `Remove this ${kind}`;
  remove.addEventListener("click", () => {
    row.remove();
    find(".add", group).focus();
    changed();
  });
  group.insertBefore(row, find(".add", group));
  return row;
}

function map(id) {
  const rows = all(`#${id} .row`).map((row) => all("input", row).map((input) => input.value));
  const filled = rows.filter(([name, value]) => name || value);
  return filled.length ? Object.fromEntries(filled) : undefined;
}

function duration() {
  const given = text("token_duration");
  if (!given) return undefined;
  return /^-?\d{1,15}$/.test(given) ? Number(given) : given;
}

function asked() {
  const backend = ofUser()
    ? {}
    : {
        identity_id: text("identity_id") || undefined,
        logins: map("logins"),
        principal_tags: map("principal_tags"),
      };
  return {
    identity_pool_id: text("identity_pool_id") || undefined,
    ...backend,
    token_duration: duration(),
  };
}

const jwtPath = () =>
  `/issuer/token?${new URLSearchParams({ ...map("claims"), sub: text("user") })}`;

// ---- curl ----------------------------------------------------------------------------------

const quoted = (argument) => `'${argument.replaceAll("'", `'\\''`)}'`;

function curl() {
  const lines = [
    `curl -X POST ${location.origin}${door()}`,
    ...(ofUser() ? [`-H "authorization: Bearer $JWT"`] : []),
    "-H 'content-type: application/json'",
    `-d ${quoted(JSON.stringify(asked()))}`,
  ];
  const jwt = `JWT=$(curl -s ${quoted(location.origin + jwtPath())})\n`;
  return (ofUser() ? jwt : "") + lines.join(" \\\n  ");
}

// ---- The outcome ---------------------------------------------------------------------------

function show(state, template, ...children) {
  clearInterval(timer);
  result.dataset.state = state;
  const content = template ? find(template).content.cloneNode(true) : "";
  result.replaceChildren(content, ...children);
}

function facts(list, pairs) {
  for (const [term, value] of pairs) {
    list.append(element("dt", term), element("dd", value));
  }
}

const listed = (values) =>
  Object.entries(values).map(([name, value]) => `${name} = ${value}`).join("\n");

function jwtParts(title, parts) {
  const details = element("details", "");
  details.open = true;
  const pre = element("pre", JSON.stringify(parts, null, 2));
  pre.tabIndex = 0;
  details.append(element("summary", title), pre);
  return details;
}

function countDown(expiresAt, seconds) {
  const shown = find(".countdown", result);
  const bar = find(".meter i", result);
  const tick = () => {
    const left = Math.max(0, Math.ceil((Date.parse(expiresAt) - Date.now()) / 1000));
    const parts = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
    const clock = parts.map((part) => String(part).padStart(2, "0")).join(":");
    shown.textContent = left ? `expires in ${clock.replace(/^00:/, "")}` : "expired";
    bar.style.width = `${Math.min(100, (100 * left) / seconds)}%`;
    if (!left) {
      result.dataset.state = "expired";
      clearInterval(timer);
    }
  };
  timer = setInterval(tick, 1000);
  tick();
}

function issued(answer, userJwt) {
  show("issued", "#issued");
  facts(find(".facts", result), [
    ["Identity", answer.identity_id],
    ["Logins", listed(answer.logins)],
    ...(answer.principal_tags ? [["Principal tags", listed(answer.principal_tags)]] : []),
    ["Duration", `${answer.token_duration} s, until ${answer.expires_at}`],
  ]);
  showToken(answer.token);
  const parts = decoded(answer.token);
  find(".decoded", result).append(
    parts
      ? jwtParts("Decoded: the token's header and claims", parts)
      : element("p", "This token is not a JWT, so there is nothing to decode: the embedded Cognito "
          + "makes up a plain string. The real one (make serve POOL=…) answers with a JWT.", "note"),
    ...(userJwt ? [jwtParts("Decoded: the JWT that the user's app sent", decoded(userJwt))] : []),
  );
  countDown(answer.expires_at, answer.token_duration);
}

function showToken(token) {
  const pre = find("#token");
  const reveal = find(".reveal", result);
  const set = (open) => {
    reveal.ariaExpanded = open;
    reveal.textContent = open ? "Hide" : "Show";
    pre.textContent = open ? token : "•".repeat(Math.min(48, token.length));
    pre.classList.toggle("masked", !open);
  };
  reveal.addEventListener("click", () => set(reveal.ariaExpanded !== "true"));
  find("[data-copies=token]", result).copied = token;
  set(false);
}

function refused(status, answer) {
  show("refused", "#refused");
  find(".title", result).textContent = `${status} ${answer.title ?? answer.message ?? ""}`;
  find(".code", result).textContent = answer.code ?? "API Gateway";
  const errors = answer.errors ?? [];
  find(".detail", result).textContent = errors.length ? "" : (answer.detail ?? "");
  for (const { argument, message } of errors) {
    const item = element("li", ` ${message}`);
    item.prepend(element("code", argument));
    find(".errors", result).append(item);
    mark(argument, message);
  }
  find(".request", result).textContent = answer.request_id ? `Request ${answer.request_id}` : "";
  find("[aria-invalid]", form)?.focus();
}

function mark(argument, message) {
  const field = find(`[data-argument="${CSS.escape(argument)}"]`);
  if (!field || field.hidden) return;
  const note = Object.assign(element("p", message, "error"), { id: `${argument}-error` });
  field.append(note);
  for (const input of all("input", field)) {
    input.ariaInvalid = "true";
    input.setAttribute("aria-describedby", note.id);
  }
}

function unmark() {
  all(".error", form).forEach((note) => note.remove());
  for (const input of all("[aria-invalid]", form)) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  }
}

async function ask() {
  const headers = { "content-type": "application/json" };
  let userJwt;
  if (ofUser()) {
    const signed = await fetch(jwtPath());
    if (!signed.ok) return refused(signed.status, { title: "The local issuer needs a user" });
    userJwt = (await signed.text()).trim();
    headers.authorization = `Bearer ${userJwt}`;
  }
  const response = await fetch(door(), { method: "POST", headers, body: JSON.stringify(asked()) });
  const answer = await response.json();
  if (response.ok) issued(answer, userJwt);
  else refused(response.status, answer);
}

async function submit(event) {
  event.preventDefault();
  unmark();
  const button = find("#ask");
  button.disabled = true;
  show("waiting", null, element("p", "Asking for a token …", "empty"));
  try {
    await ask();
  } catch {
    show("refused", null, element("p", "There is no answer. Is `make serve` still running?", "empty"));
  } finally {
    button.disabled = false;
  }
}

// ---- Start ---------------------------------------------------------------------------------

function changed() {
  find("#curl").textContent = curl();
}

function changedDoor() {
  all(".of-user").forEach((part) => (part.hidden = !ofUser()));
  all(".of-backend").forEach((part) => (part.hidden = ofUser()));
  unmark();
  changed();
}

async function copy(button) {
  await navigator.clipboard.writeText(button.copied ?? find(`#${button.dataset.copies}`).textContent);
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = "Copy"), 1500);
}

async function start() {
  const stack = await (await fetch("/page/stack.json")).json();
  find("#stack").textContent = stack.notice;
  find("#identity_pool_id").value = stack.identity_pool_id;
  for (const group of all(".rows")) {
    const add = Object.assign(element("button", `Add a ${group.dataset.names}`, "add"), { type: "button" });
    add.addEventListener("click", () => find("input", addRow(group)).focus());
    group.append(add);
  }
  addRow(find("#logins"), stack.developer_provider_name, "user-4711");
  addRow(find("#principal_tags"), "department", "legal");
  addRow(find("#claims"), "custom:department", "legal");
  form.addEventListener("submit", submit);
  form.addEventListener("input", changed);
  all("[name=door]").forEach((choice) => choice.addEventListener("change", changedDoor));
  document.addEventListener("click", ({ target }) => target.matches(".copy") && copy(target));
  changedDoor();
}

start();
