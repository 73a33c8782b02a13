# Sourced by the examples beside it: asks the token issuer for a user's token.
#
# They need the AWS CLI, curl (7.75 or later) and jq: apt-get install curl jq, or brew install awscli jq.
# A token is passed on through pipes only: arguments are there for every process to see.
# shellcheck shell=bash

# What a secret may be sent to, and what a key consists of: curl shows the half of one that it can't read.
ENDPOINT='^(https://|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?(/|$))[[:graph:]]*$'
KEY='^[[:alnum:]+/=_.-]+$'
# An answer with the function's names, or with Cognito's own; `login` is Cognito's name in this partition.
ISSUED='select(length == 1) | .[0]
  | {identity_id: (.identity_id // .IdentityId), token: (.token // .Token)}
  | select(.identity_id | test("\\A[A-Za-z0-9_-]+:[0-9a-f-]+\\z"))
  | select(.token | test("\\A([A-Za-z0-9_-]+\\.){2}[A-Za-z0-9_-]+\\z"))
  | .login = (.token | split(".")[1] | gsub("-"; "+") | gsub("_"; "/") | @base64d | fromjson.iss)
  | select(.login | test("\\Ahttps://[A-Za-z0-9.-]+\\z"))
  | .login |= ltrimstr("https://")'

fail() { # status, words: shown as one line, without what a terminal would obey
  local LC_ALL=C
  local words=${*:2}
  # Some refusals repeat the headers that were signed.
  if [[ -n ${AWS_SESSION_TOKEN:-} ]]; then words=${words//"$AWS_SESSION_TOKEN"/(hidden)}; fi
  read -r -a words <<<"${words//[^ -~]/ }"
  printf '%.1000s\n' "${words[*]}" >&2
  exit "$1"
}

need() { # variable, meaning, form
  [[ ${!1:-} =~ ${3:-.} ]] || fail 2 "Set $1 to $2."
}

# Runs a command. If it fails, what it says and the advice $1 are the one line.
asked() {
  local said status=0
  { said=$("${@:2}" 2>&1 >&3 3>&-) || status=$?; } 3>&1
  [[ $status != 127 ]] || fail 2 "Install $2, or choose its version:" "$said"
  [[ $status == 0 ]] || fail 1 "$said" "$1"
}

# Prints identity_id, token and login for the user $1.
token_of() {
  local answer body name
  need POOL "the identity pool's id, the stack's output PoolId"
  need PROVIDER "the pool's developer provider name"
  command -v jq >/dev/null || fail 2 "Install jq."
  for name in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN; do
    [[ -z ${!name:-} ]] || need "$name" "what AWS gave you, without a line break" "$KEY"
  done
  body=$(jq --null-input --arg pool "$POOL" --arg provider "$PROVIDER" --arg user "$1" \
    '{identity_pool_id: $pool, logins: {($provider): $user}}')
  if [[ -n ${TOKEN_ENDPOINT:-} ]]; then
    answer=$(over_http "$body") || exit
  elif [[ -n ${FUNCTION_ALIAS_ARN:-} ]]; then
    answer=$(by_invocation "$body") || exit
  else
    fail 2 "Set TOKEN_ENDPOINT or FUNCTION_ALIAS_ARN to the stack's output of that name."
  fi
  jq --exit-status --slurp "$ISSUED" <<<"$answer" 2>/dev/null ||
    fail 1 "What answered is not the token issuer: check the endpoint."
}

over_http() {
  local answer status region=${POOL%%:*}
  need TOKEN_ENDPOINT "the stack's output of that name, an https URL" "$ENDPOINT"
  need AWS_ACCESS_KEY_ID "your own AWS access key id: the call to the token issuer is signed with it"
  need AWS_SECRET_ACCESS_KEY "your own AWS secret access key"
  if [[ $TOKEN_ENDPOINT =~ \.execute-api\.([a-z0-9-]+)\. ]]; then region=${BASH_REMATCH[1]}; fi
  answer=$(signing_options | asked "Check the endpoint and the network." curl --config - --silent --show-error \
    --max-time 30 --no-location --aws-sigv4 "aws:amz:$region:execute-api" \
    --header "content-type: application/json" --data "$1" --write-out '\n%{http_code}' "$TOKEN_ENDPOINT" |
    tr -d '\0') || exit
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
  jq --raw-output 'if .code then "\(.code): \(.detail)" else .message // .Message // "" end,
    (.errors // [] | .[] | "\(.argument): \(.message)")' <<<"$1" 2>/dev/null
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
  answer=$(invoke "$1" | tr -d '\0') || exit
  jq --exit-status 'has("errorType") | not' <<<"$answer" >/dev/null 2>&1 ||
    fail 1 "$(jq --raw-output '"\(.errorType): \(.errorMessage)"' <<<"$answer" 2>/dev/null)"
  printf '%s' "$answer"
}

invoke() { # the payload goes in by a pipe, and the answer out by another
  { printf '%s' "$1" | asked "Check FUNCTION_ALIAS_ARN, and that your AWS credentials may invoke it." \
    aws lambda invoke --function-name "$FUNCTION_ALIAS_ARN" --region "$(cut -d : -f 4 <<<"$FUNCTION_ALIAS_ARN")" \
    --payload fileb:///dev/stdin /dev/fd/4 >/dev/null; } 4>&1
}

# Shows the identity $1 and when the credentials $2 expire, and runs the command that follows with them.
show_and_run() {
  local expires key secret session
  IFS=$'\t' read -r expires key secret session <<<"$2"
  expires=$(utc "$expires" 2>/dev/null) || fail 1 "What answered is not AWS: check the region."
  printf 'identity  %s\nexpires   %s\n' "$1" "$expires"
  shift 2
  if [[ $# -gt 0 ]]; then
    export AWS_ACCESS_KEY_ID=$key AWS_SECRET_ACCESS_KEY=$secret AWS_SESSION_TOKEN=$session
    exec "$@"
  fi
}

utc() { # an expiry in UTC: seconds of version 1 of the AWS CLI, or a date of version 2
  jq --raw-input --raw-output \
    'if test("\\A[0-9T:.-]+(\\+00:00|Z)\\z") then sub("\\+00:00$"; "Z") else tonumber | floor | todate end' <<<"$1"
}
