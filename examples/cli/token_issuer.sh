# Sourced by the examples beside it: asks the token issuer for a user's token.
#
# A token is passed on through pipes only: arguments are there for every process to see.
# shellcheck shell=bash

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  echo "This is sourced by the scripts beside it." >&2
  exit 2
fi

fail() {
  local status=$1
  shift
  printf '%s\n' "$@" >&2
  exit "$status"
}

need() { # variable, meaning
  [[ -n ${!1:-} ]] || fail 2 "Set $1 to $2."
}

need_command() {
  command -v "$1" >/dev/null || fail 2 "The command $1 is needed."
}

# Prints the issuer's answer, with the token in it, for the user $1.
token_of() {
  need POOL "the identity pool's id, the stack's output PoolId"
  need PROVIDER "the pool's developer provider name"
  need_command jq
  local body
  body=$(jq --null-input --arg pool "$POOL" --arg provider "$PROVIDER" --arg user "$1" \
    '{identity_pool_id: $pool, logins: {($provider): $user}}')
  if [[ -n ${TOKEN_ENDPOINT:-} ]]; then
    over_http "$body"
  elif [[ -n ${FUNCTION_ALIAS_ARN:-} ]]; then
    by_invocation "$body"
  else
    fail 2 "Set TOKEN_ENDPOINT or FUNCTION_ALIAS_ARN to the stack's output of that name."
  fi
}

over_http() {
  local answer status region=${POOL%%:*}
  need_command curl
  need AWS_ACCESS_KEY_ID "your own AWS access key id: the call to the token issuer is signed with it"
  need AWS_SECRET_ACCESS_KEY "your own AWS secret access key"
  if [[ $TOKEN_ENDPOINT =~ \.execute-api\.([a-z0-9-]+)\. ]]; then region=${BASH_REMATCH[1]}; fi
  answer=$(signing_options | curl --config - --silent --show-error --max-time 30 \
    --aws-sigv4 "aws:amz:$region:execute-api" --header "content-type: application/json" \
    --data "$1" --write-out '\n%{http_code}' "$TOKEN_ENDPOINT") ||
    fail 1 "Check the endpoint and the network."
  status=${answer##*$'\n'}
  answer=${answer%$'\n'*}
  [[ $status == 200 ]] || fail 1 "The token issuer answered $status. $(why "$answer")" "$(advice "$status")"
  printf '%s' "$answer"
}

signing_options() {
  printf 'user = "%s:%s"\n' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY"
  if [[ -n ${AWS_SESSION_TOKEN:-} ]]; then
    printf 'header = "x-amz-security-token: %s"\n' "$AWS_SESSION_TOKEN"
  fi
}

why() { # the answer's body: a problem of the issuer, or a message of API Gateway
  jq --raw-output 'if .code then "\(.code): \(.detail)" else .message end,
    (.errors // [] | .[] | "  \(.argument): \(.message)")' <<<"$1" 2>/dev/null || printf '%s' "$1"
}

advice() {
  case $1 in
    400) echo "Correct the request." ;;
    401 | 403) echo "Either your AWS credentials may not call the issuer, or it does not allow what you ask." ;;
    404) echo "Check POOL and TOKEN_ENDPOINT." ;;
    409) echo "The login belongs to another identity: leave the identity out, or merge the two." ;;
    429 | 503) echo "Wait for a moment, then ask again." ;;
    *) echo "Try again; the function's log says more." ;;
  esac
}

by_invocation() {
  local answer
  answer=$({ aws lambda invoke --function-name "$FUNCTION_ALIAS_ARN" \
    --region "$(cut -d : -f 4 <<<"$FUNCTION_ALIAS_ARN")" \
    --payload "fileb://"<(printf '%s' "$1") /dev/fd/3 >/dev/null; } 3>&1) ||
    fail 1 "Check FUNCTION_ALIAS_ARN, and that your AWS credentials may invoke it."
  jq --exit-status 'has("token")' <<<"$answer" >/dev/null ||
    fail 1 "$(jq --raw-output '"\(.errorType): \(.errorMessage)"' <<<"$answer")"
  printf '%s' "$answer"
}

# Shows the identity $1 and when the credentials $2 expire, and runs the command that follows with them.
show_and_run() {
  local expires key secret session
  IFS=$'\t' read -r expires key secret session <<<"$2"
  printf 'identity  %s\nexpires   %s\n' "$1" "$(utc "$expires")"
  shift 2
  if [[ $# -gt 0 ]]; then
    export AWS_ACCESS_KEY_ID=$key AWS_SECRET_ACCESS_KEY=$secret AWS_SESSION_TOKEN=$session
    exec "$@"
  fi
}

utc() { # an expiry in UTC: seconds of version 1 of the AWS CLI, or a date of version 2
  jq --raw-input --raw-output 'if test("T") then sub("\\+00:00$"; "Z") else tonumber | floor | todate end' <<<"$1"
}
