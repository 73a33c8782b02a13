// A module for a backend: asks the token issuer's function for the token of a user of its own. It needs
// `npm ci`, and AWS credentials that allow `lambda:InvokeFunction` on the function's alias.

import { issued, line, object, required, TokenIssuerError } from "./token-issuer.mjs";

// One for all calls: each new one would look the AWS credentials up again.
let client;

/**
 * A new token, as `issued` has it. `more` are other arguments: `principal_tags`, `token_duration`. The `code`
 * of a TokenIssuerError tells errors apart.
 */
export async function tokenOf(user, more = {}) {
  const meaning = "the stack's output of that name";
  const FunctionName = required("FUNCTION_ALIAS_ARN", meaning, /^arn:[\w-]+:lambda:[\w-]+:/);
  const pool = required("POOL", "the identity pool's id, the stack's output PoolId");
  const provider = required("PROVIDER", "the pool's developer provider name");
  const { InvokeCommand, LambdaClient } = await import("@aws-sdk/client-lambda");
  client ??= new LambdaClient({ region: FunctionName.split(":")[3] });
  const Payload = JSON.stringify({ identity_pool_id: pool, logins: { [provider]: user }, ...more });
  const response = await client.send(new InvokeCommand({ FunctionName, Payload }));
  const answer = object(response.Payload.transformToString());
  if (response.FunctionError) {
    const told = line(`${answer.errorType}: ${answer.errorMessage}`);
    throw Object.assign(new TokenIssuerError(told), { code: answer.errorType });
  }
  return issued(answer);
}
