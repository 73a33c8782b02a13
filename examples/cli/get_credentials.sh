#!/usr/bin/env bash
# Exchanges a user's token for AWS credentials: the enhanced flow.
#
#   get_credentials.sh USER [COMMAND ...]
#
# prints the identity, and when its credentials expire. A COMMAND runs with them in its environment.
set -euo pipefail
# shellcheck source=examples/cli/token_issuer.sh
source "$(dirname "${BASH_SOURCE[0]}")/token_issuer.sh"

[[ $# -ge 1 ]] || fail 2 "Name the user: $0 USER [COMMAND ...]"
issued=$(token_of "$1")
identity=$(jq --raw-output .identity_id <<<"$issued")

credentials=$(
  jq '{(.login): .token}' <<<"$issued" |
    TZ=UTC asked "Use the identity that came with the token, and a token that has not expired." \
      aws cognito-identity get-credentials-for-identity --region "${identity%%:*}" --output text \
      --identity-id "$identity" --logins file:///dev/stdin \
      --query 'Credentials.[Expiration, AccessKeyId, SecretKey, SessionToken]'
)

show_and_run "$identity" "$credentials" "${@:2}"
