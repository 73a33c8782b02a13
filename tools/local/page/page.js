// The panel: arguments in, a token, credentials or a refusal out.

import {
  addButton, addRow, asked, door, form, jwtPath, ofToken, ofUser, unmark,
} from "/page/arguments.js";
import { commands } from "/page/commands.js";
import { all, element, find } from "/page/elements.js";
import { credentialsIssued, refused, show, tokenIssued } from "/page/outcome.js";

const stack = await (await fetch("/page/stack.json")).json();

async function ask() {
  const { method, path } = door();
  const headers = ofToken() ? { "content-type": "application/json" } : {};
  let userJwt;
  if (ofUser()) {
    const signed = await fetch(jwtPath());
    if (!signed.ok) return refused(signed.status, { title: "The local JWT issuer needs a user" });
    userJwt = await signed.text();
    headers.authorization = `Bearer ${userJwt}`;
  }
  const body = ofToken() ? JSON.stringify(asked()) : undefined;
  const response = await fetch(path, { method, headers, body });
  const answer = await response.json();
  if (!response.ok) refused(response.status, answer);
  else if (ofToken()) tokenIssued(answer, userJwt);
  else credentialsIssued(answer, userJwt);
}

async function submit(event) {
  event.preventDefault();
  unmark();
  const button = find("#ask");
  button.disabled = true;
  show("waiting", null, element("p", "Waiting for the answer …", "empty"));
  try {
    await ask();
  } catch {
    show("refused", null, element("p", "There is no answer. Is `make serve` still running?", "empty"));
  } finally {
    button.disabled = false;
  }
}

function changed() {
  find("#commands").textContent = commands(stack);
}

function changedDoor() {
  all(".of-user").forEach((part) => (part.hidden = !ofUser()));
  all(".of-backend").forEach((part) => (part.hidden = ofUser()));
  all(".of-token").forEach((part) => (part.hidden = !ofToken()));
  find("#ask").textContent = ofToken() ? "Issue a token" : "Get credentials";
  find("#with").textContent = ofToken() ? "The same with curl" : "The same with any AWS SDK or the AWS CLI";
  unmark();
  changed();
}

async function copy(button) {
  await navigator.clipboard.writeText(button.copied ?? find(`#${button.dataset.copies}`).textContent);
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = "Copy"), 1500);
}

find("#stack").textContent = stack.notice;
find("#identity_pool_id").value = stack.identity_pool_id;
all(".rows").forEach(addButton);
addRow(find("#logins"), stack.developer_provider_name, "user-4711");
addRow(find("#principal_tags"), "department", "legal");
addRow(find("#claims"), "custom:department", "legal");
form.addEventListener("submit", submit);
form.addEventListener("input", changed);
all("[name=door]").forEach((choice) => choice.addEventListener("change", changedDoor));
document.addEventListener("click", ({ target }) => target.matches(".copy") && copy(target));
changedDoor();
