// Exchanges the signed-in user's token for AWS credentials: the enhanced flow.
//
//   npm ci && node get-credentials.mjs
//
// `credentials` goes into any client of the SDK, `new S3Client({ region, credentials })`. The client
// keeps what it gets until five minutes before its expiry, then asks here again.

import { program } from "./command.mjs";
import { issue } from "./token-issuer.mjs";

/** Credentials of the signed-in user; each time with a new token. */
export async function credentials() {
  const { identity_id: identityId, token, login } = await issue();
  const { fromCognitoIdentity } = await import("@aws-sdk/credential-providers");
  // Not fromCognitoIdentityPool: it calls GetId first, which refuses this token.
  const exchange = fromCognitoIdentity({
    identityId,
    logins: { [login]: token },
    clientConfig: { region: identityId.split(":")[0] },
  });
  return exchange();
}

await program(import.meta, credentials);
