// A module that runs the programs beside it: they show identity and expiry, or in one line what went
// wrong and what to do. No secrets.

import { existsSync, realpathSync } from "node:fs";
import { line, SettingError, TokenIssuerError } from "./token-issuer.mjs";

const TRUST = "Compare the role's trust policy with the one in docs/using-the-token.md.";
const ANEW = "Use the identity that came with the token, and a token that has not expired.";
const ADVICE = {
  AccessDenied: TRUST,
  ERR_MODULE_NOT_FOUND: "Install it: npm ci",
  ExpiredTokenException: ANEW,
  InvalidIdentityPoolConfigurationException: `Give the pool a role for authenticated users. ${TRUST}`,
  InvalidIdentityToken: ANEW,
  NotAuthorizedException: ANEW,
  TooManyRequestsException: "Wait for a moment, then try again.",
};

/** If Node.js was told to run the file of `meta`: runs a credentials provider once, as an AWS client does. */
export async function program(meta, provide) {
  const [, file = ""] = process.argv;
  if (!existsSync(file) || realpathSync(file) !== meta.filename) return;
  try {
    const { identityId, expiration } = await provide();
    console.log(`identity  ${identityId}\nexpires   ${expiration.toISOString()}`);
  } catch (error) {
    const own = error instanceof SettingError || error instanceof TokenIssuerError;
    const told = own ? [error.message] : [`${error.name}: ${error.message}`, ADVICE[error.code ?? error.name]];
    console.error(line(...told));
    process.exitCode = error instanceof SettingError ? 2 : 1;
  }
}
