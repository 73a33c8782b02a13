// Asks AWS who you are, with the credentials that the environment gives.
//
//   AWS_CONTAINER_CREDENTIALS_FULL_URI=… AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=… node who-am-i.mjs

import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromHttp } from "@aws-sdk/credential-providers";

// The default chain finds the two variables too, but tells no reason when there are no credentials.
// A refusal is asked for once more, after a second.
const client = new STSClient({ credentials: fromHttp({ maxRetries: 1 }) });

try {
  const { Arn } = await client.send(new GetCallerIdentityCommand());
  console.log(Arn);
} catch (error) {
  console.error([error.message, error.Message].filter(Boolean).join(" "));
  process.exitCode = 1;
}
