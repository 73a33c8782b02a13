// Exchanges the signed-in user's token for AWS credentials: the classic flow, with the role ROLE_ARN.
//
//   npm ci && node assume-role.mjs
//
// `credentials` goes into any client of the SDK, `new S3Client({ region, credentials })`. The client
// keeps what it gets until five minutes before its expiry, then asks here again.

import { program } from "./command.mjs";
import { issue, required } from "./token-issuer.mjs";

/** Credentials of the signed-in user; each time with a new token. */
export async function credentials() {
  const roleArn = required("ROLE_ARN", "the ARN of the role to assume");
  const { identity_id: identityId, token } = await issue();
  const { fromWebToken } = await import("@aws-sdk/credential-providers");
  const [region, guid] = identityId.split(":");
  const exchange = fromWebToken({
    roleArn,
    webIdentityToken: token,
    roleSessionName: guid, // a name must not have the colon of the whole identity id
    clientConfig: { region },
  });
  return { identityId, ...(await exchange()) };
}

await program(import.meta, credentials);
