// Asks AWS who you are, with the credentials that the environment gives.
//
//   npm ci
//   AWS_CONTAINER_CREDENTIALS_FULL_URI=… AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=… node who-am-i.mjs

import { line } from "./token-issuer.mjs";

try {
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const { fromHttp } = await import("@aws-sdk/credential-providers");
  // The default chain finds the two variables too, but tells no reason when there are no credentials.
  // A refusal is asked for once more, after a second.
  const client = new STSClient({ credentials: fromHttp({ maxRetries: 1 }) });
  const { Arn } = await client.send(new GetCallerIdentityCommand());
  console.log(Arn);
} catch (error) {
  const advice = error.code === "ERR_MODULE_NOT_FOUND" && "Install it: npm ci";
  console.error(line(error.message, error.Message, advice || ""));
  process.exitCode = 1;
}
