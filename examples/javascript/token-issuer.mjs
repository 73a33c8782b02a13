// A module that asks the token issuer for the signed-in user's own token: the door for apps.

const ADVICE = {
  400: "Correct the request.",
  401: "USER_JWT is not valid, or no longer: sign in again.",
  403: "This deployment does not allow it.",
  404: "Check POOL and USER_TOKEN_ENDPOINT.",
  409: "The login belongs to another identity: its owner must merge the two.",
  429: "Wait for a moment, then ask again.",
  503: "Wait for a moment, then ask again.",
};
// Nothing else may be sent a secret; a header takes one word, and Node.js shows what is none.
const ENDPOINT = /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$))[!-~]*$/;
const WORD = /^[!-~]+$/;

/** A setting is missing; the message says which, and what belongs there. */
export class SettingError extends Error {}

/** There is no token; the message says why, and what to do, in one line. */
export class TokenIssuerError extends Error {}

/** A variable of the environment that must be there, in this form. */
export function required(name, meaning, form = /./) {
  const value = process.env[name] ?? "";
  if (!form.test(value)) throw new SettingError(`Set ${name} to ${meaning}.`);
  return value;
}

/** What may go to a terminal: no line break, and no other character that it would obey. */
export function line(...parts) {
  return parts.join(" ").replace(/[\p{C}\p{Z}]+/gu, " ").trim().slice(0, 1000);
}

/** A new token for the user whose JWT, or other login, is in USER_JWT: as `issued` has it. */
export async function issue() {
  const endpoint = required("USER_TOKEN_ENDPOINT", "the stack's output UserTokenEndpoint, an https URL", ENDPOINT);
  const jwt = required("USER_JWT", "the JWT that your identity provider gave to the user, and no more", WORD);
  const pool = required("POOL", "the identity pool's id, the stack's output PoolId");
  let response, text;
  try {
    response = await fetch(endpoint, {
      method: "POST",
      headers: { authorization: `Bearer ${jwt}`, "content-type": "application/json" },
      body: JSON.stringify({ identity_pool_id: pool }),
      redirect: "manual",
      signal: AbortSignal.timeout(30_000),
    });
    text = await response.text();
  } catch (error) {
    throw new TokenIssuerError(line(error.cause?.message || error.message, "Check the endpoint."));
  }
  const answer = object(text);
  // Some refusals repeat the headers that were sent.
  const told = line(why(response.status, answer).replaceAll(jwt, "(hidden)"));
  if (response.status !== 200) throw new TokenIssuerError(told);
  return issued(answer);
}

/**
 * What an answer has, by the issuer's names or by Cognito's own: `{ identity_id, token, login }`.
 * `login` is Cognito's name in this partition: the token's issuer.
 */
export function issued(answer) {
  const identity_id = String(answer.identity_id ?? answer.IdentityId);
  const token = String(answer.token ?? answer.Token);
  const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
  const [, login] = /^https:\/\/([\w.-]+)$/.exec(object(payload).iss) ?? [];
  if (!/^[\w-]+:[0-9a-f-]+$/.test(identity_id) || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token) || !login) {
    throw new TokenIssuerError("What answered is not the token issuer: check the endpoint.");
  }
  return { identity_id, token, login };
}

/** The JSON object that a text is, or an empty one. */
export function object(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function why(status, problem) {
  // API Gateway's own answers have only a message.
  const what = problem.code ? `${problem.code}: ${problem.detail}` : problem.message ?? problem.Message;
  const errors = Array.isArray(problem.errors) ? problem.errors : [];
  const rules = errors.map((e) => `${e?.argument}: ${e?.message}`).join("; ");
  const advice = ADVICE[status] ?? "Try again; the function's log says more.";
  return [`The token issuer answered ${status}.`, what, rules && `(${rules})`, advice].join(" ");
}
