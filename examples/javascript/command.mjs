// A module with what the examples print: identity and expiry, or what went wrong and what to do. No secrets.

import { realpathSync } from "node:fs";
import { SettingError, TokenIssuerError } from "./token-issuer.mjs";

const TRUST = "Compare the role's trust policy with the one in docs/using-the-token.md.";
const ANEW = "Use the identity that came with the token, and a token that has not expired.";
const ADVICE = {
  AccessDenied: TRUST,
  ExpiredTokenException: ANEW,
  InvalidIdentityPoolConfigurationException: `Give the pool a role for authenticated users. ${TRUST}`,
  InvalidIdentityToken: ANEW,
  NotAuthorizedException: ANEW,
  TooManyRequestsException: "Wait for a moment, then try again.",
};

/** Runs a credentials provider once, as an AWS client does, and shows what it gave. */
export async function show(provide) {
  try {
    const { identityId, expiration } = await provide();
    console.log(`identity  ${identityId}\nexpires   ${expiration.toISOString()}`);
  } catch (error) {
    const own = error instanceof SettingError || error instanceof TokenIssuerError;
    console.error(own ? error.message : `${error.name}: ${error.message} ${ADVICE[error.name] ?? ""}`);
    process.exitCode = error instanceof SettingError ? 2 : 1;
  }
}

if (import.meta.filename === realpathSync(process.argv[1])) {
  console.error("This is a module. The programs are beside it.");
  process.exitCode = 2;
}
