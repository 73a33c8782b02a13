// A module that asks the token issuer for the signed-in user's own token: the door for apps.

import { realpathSync } from "node:fs";

const ADVICE = {
  400: "Correct the request.",
  401: "USER_JWT is not valid, or no longer: sign in again.",
  403: "This deployment does not allow it.",
  404: "Check POOL and USER_TOKEN_ENDPOINT.",
  409: "The login belongs to another identity: its owner must merge the two.",
  429: "Wait for a moment, then ask again.",
  503: "Wait for a moment, then ask again.",
};

/** A setting is missing; the message says which, and what belongs there. */
export class SettingError extends Error {}

/** There is no token; the message says why, and what to do. */
export class TokenIssuerError extends Error {}

/** A variable of the environment that must be there. */
export function required(name, meaning) {
  const value = process.env[name];
  if (!value) throw new SettingError(`Set ${name} to ${meaning}.`);
  return value;
}

/** A new token for the user whose JWT is in USER_JWT: `{identity_id, token, expires_at, …}`. */
export async function issue() {
  const endpoint = required("USER_TOKEN_ENDPOINT", "the stack's output UserTokenEndpoint");
  const jwt = required("USER_JWT", "the JWT that your identity provider gave to the user");
  const pool = required("POOL", "the identity pool's id, the stack's output PoolId");
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { authorization: `Bearer ${jwt}`, "content-type": "application/json" },
    body: JSON.stringify({ identity_pool_id: pool }),
    signal: AbortSignal.timeout(30_000),
  }).catch((error) => {
    throw new TokenIssuerError(`${error.cause?.message ?? error.message} Check the endpoint.`);
  });
  const text = await response.text();
  if (!response.ok) throw new TokenIssuerError(why(response.status, text));
  return JSON.parse(text);
}

function why(status, text) {
  const problem = parsed(text);
  // API Gateway's own answers have only a message.
  const what = problem.code ? `${problem.code}: ${problem.detail}` : text;
  const errors = (problem.errors ?? []).map((e) => `  ${e.argument}: ${e.message}`);
  const advice = ADVICE[status] ?? "Try again; the function's log says more.";
  return [`The token issuer answered ${status}. ${what}`, ...errors, advice].join("\n");
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

if (import.meta.filename === realpathSync(process.argv[1])) {
  console.error("This is a module. The programs are beside it.");
  process.exitCode = 2;
}
