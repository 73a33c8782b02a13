// What to paste into a shell for the same.

import { asked, door, jwtPath, ofToken, ofUser } from "/page/arguments.js";

const quoted = (argument) => `'${argument.replaceAll("'", `'\\''`)}'`;
const jwtUrl = () => quoted(location.origin + jwtPath());

export const commands = (stack) => (ofToken() ? curl() : sdk(stack.variables));

function curl() {
  const lines = [
    `curl -X POST ${location.origin}${door().path}`,
    ...(ofUser() ? [`-H "authorization: Bearer $JWT"`] : []),
    "-H 'content-type: application/json'",
    `-d ${quoted(JSON.stringify(asked()))}`,
  ];
  return (ofUser() ? `JWT=$(curl -s ${jwtUrl()})\n` : "") + lines.join(" \\\n  ");
}

// The two variables, and with the embedded Cognito where the rest of AWS is.
function sdk(variables) {
  const exported = Object.entries(variables).map(([name, value]) => `export ${name}=${value}`);
  return [`(umask 077; curl -s -o user.jwt ${jwtUrl()})`, ...exported, "aws sts get-caller-identity"].join("\n");
}
