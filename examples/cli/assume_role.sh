#!/usr/bin/env bash
# Exchanges a user's token for AWS credentials: the classic flow, with the role ROLE_ARN.
#
#   assume_role.sh USER [COMMAND ...]
#
# prints the identity, and when its credentials expire. A COMMAND runs with them in its environment.
set -euo pipefail
# shellcheck source=examples/cli/token_issuer.sh
source "$(dirname "${BASH_SOURCE[0]}")/token_issuer.sh"

[[ $# -ge 1 ]] || fail 2 "Name the user: $0 USER [COMMAND ...]"
need ROLE_ARN "the ARN of the role to assume"
issued=$(token_of "$1")
identity=$(jq --raw-output .identity_id <<<"$issued")

# A session's name must not have the colon of the whole identity id.
advice="Compare the role's trust policy with the one in docs/using-the-token.md."
credentials=$(
  jq --join-output .token <<<"$issued" |
    TZ=UTC asked "$advice A token that has expired is no use: ask for a new one." \
      aws sts assume-role-with-web-identity --region "${identity%%:*}" --output text \
      --role-arn "$ROLE_ARN" --role-session-name "${identity#*:}" --web-identity-token file:///dev/stdin \
      --query 'Credentials.[Expiration, AccessKeyId, SecretAccessKey, SessionToken]'
)

show_and_run "$identity" "$credentials" "${@:2}"
