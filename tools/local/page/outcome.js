// What came back: a token, credentials, or why there are none.

import { form, mark } from "/page/arguments.js";
import { element, find } from "/page/elements.js";
import { decoded } from "/page/jwt.js";

const result = find("#result");
let timer;

export function show(state, template, ...children) {
  clearInterval(timer);
  result.dataset.state = state;
  const content = template ? find(template).content.cloneNode(true) : "";
  result.replaceChildren(content, ...children);
}

const listed = (values) =>
  Object.entries(values).map(([name, value]) => `${name} = ${value}`).join("\n");

export function tokenIssued(answer, userJwt) {
  issued("Token issued", [
    ["Identity", answer.identity_id],
    ["Logins", listed(answer.logins)],
    ...(answer.principal_tags ? [["Principal tags", listed(answer.principal_tags)]] : []),
    ["Duration", `${answer.token_duration} s, until ${answer.expires_at}`],
  ]);
  hide("Token", answer.token);
  decode("the token", answer.token);
  if (userJwt) decode("the JWT that the user's app sent", userJwt);
  countDown(answer.expires_at, answer.token_duration);
}

export function credentialsIssued(answer, userJwt) {
  issued("Credentials issued", [
    ["Access key id", answer.AccessKeyId],
    ["Valid", `until ${answer.Expiration}`],
  ]);
  hide("The whole answer", JSON.stringify(answer, null, 2));
  decode("the JWT that the user's SDK sent", userJwt);
  countDown(answer.Expiration, (Date.parse(answer.Expiration) - Date.now()) / 1000);
}

function issued(title, facts) {
  show("issued", "#issued");
  find(".title", result).textContent = title;
  for (const [term, value] of facts) {
    find(".facts", result).append(element("dt", term), element("dd", value));
  }
}

function hide(name, secret) {
  const pre = find("#secret");
  const reveal = find(".reveal", result);
  const set = (open) => {
    reveal.ariaExpanded = open;
    reveal.textContent = open ? "Hide" : "Show";
    pre.textContent = open ? secret : "•".repeat(Math.min(48, secret.length));
    pre.classList.toggle("masked", !open);
  };
  reveal.addEventListener("click", () => set(reveal.ariaExpanded !== "true"));
  find(".secret", result).textContent = name;
  find("[data-copies=secret]", result).copied = secret;
  set(false);
}

function decode(name, jwt) {
  const details = element("details", "");
  details.open = true;
  const pre = element("pre", JSON.stringify(decoded(jwt), null, 2));
  pre.tabIndex = 0;
  details.append(element("summary", `Decoded: ${name}`), pre);
  find(".decoded", result).append(details);
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

export function refused(status, answer) {
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
