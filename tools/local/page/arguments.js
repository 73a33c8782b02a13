// The form: which door, as which user, with which arguments.

import { all, element, find } from "/page/elements.js";

export const form = find("#form");
const text = (id) => find(`#${id}`).value.trim();

// `{method, path}` of the chosen door.
export function door() {
  const [method, path] = find("[name=door]:checked").value.split(" ");
  return { method, path };
}

export const ofUser = () => door().path.startsWith("/me/");
export const ofToken = () => door().method === "POST";

export function addRow(group, name = "", value = "") {
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
    form.dispatchEvent(new Event("input"));
  });
  group.insertBefore(row, find(".add", group));
  return row;
}

export function addButton(group) {
  const add = element("button", `Add a ${group.dataset.names}`, "add");
  add.type = "button";
  add.addEventListener("click", () => find("input", addRow(group)).focus());
  group.append(add);
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

// The request's body.
export function asked() {
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

// Where the local JWT issuer signs a JWT for the user.
export const jwtPath = () =>
  `/issuer/token?${new URLSearchParams({ ...map("claims"), sub: text("user") })}`;

export function mark(argument, message) {
  const field = find(`[data-argument="${CSS.escape(argument)}"]`);
  if (!field || field.hidden) return;
  const note = Object.assign(element("p", message, "error"), { id: `${argument}-error` });
  field.append(note);
  for (const input of all("input", field)) {
    input.ariaInvalid = "true";
    input.setAttribute("aria-describedby", note.id);
  }
}

export function unmark() {
  all(".error", form).forEach((note) => note.remove());
  for (const input of all("[aria-invalid]", form)) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  }
}
