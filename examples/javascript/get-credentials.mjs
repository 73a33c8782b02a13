// Exchanges the signed-in user's token for AWS credentials: the enhanced flow.
//
//   node get-credentials.mjs
//
// `credentials` goes into any client of the SDK, `new S3Client({ region, credentials })`. The client
// keeps what it gets until five minutes before its expiry, then asks here again.

import { realpathSync } from "node:fs";
import { fromCognitoIdentity } from "@aws-sdk/credential-providers";
import { show } from "./command.mjs";
import { issue } from "./token-issuer.mjs";

/** Credentials of the signed-in user; each time with a new token. */
export async function credentials() {
  const { identity_id: identityId, token } = await issue();
  // Not fromCognitoIdentityPool: it calls GetId first, which refuses this token.
  const exchange = fromCognitoIdentity({
    identityId,
    logins: { "cognito-identity.amazonaws.com": token },
    clientConfig: { region: identityId.split(":")[0] },
  });
  return exchange();
}

if (import.meta.filename === realpathSync(process.argv[1])) await show(credentials);
