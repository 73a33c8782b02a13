"""One request at each door, for the one user of this run, and what must come of it."""

import json
import uuid
from http import HTTPStatus
from typing import Any

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tools.smoke.report import FallsShort, Skipped, same
from tools.smoke.stack import Stack

JSON = {"content-type": "application/json"}
DENIED = "AccessDeniedException"
OTHER_POOL = {"identity_pool_id": "eu-central-1:00000000-0000-4000-8000-000000000000"}
type Response = urllib3.BaseHTTPResponse


def send(url: str, body: str | None, headers: Any = JSON, method: str = "POST") -> Response:
    """One request, which is not tried again."""
    return urllib3.request(method, url, body=body, headers=headers, retries=False, timeout=35)


def post(stack: Stack, key: Any = None, altered: str = "", **more: object) -> Response:
    """`POST /token`, signed with the caller's key or another; `altered` follows what is signed."""
    url, body = stack.outputs["TokenEndpoint"], json.dumps(stack.arguments(**more))
    request = AWSRequest("POST", url, dict(JSON), body)
    own = stack.session.get_credentials().get_frozen_credentials()
    SigV4Auth(key or own, "execute-api", stack.session.region_name).add_auth(request)
    return send(url, body + altered, dict(request.headers))


def another_secret(stack: Stack) -> Credentials:
    """The caller's access key id with a secret key that is not its own."""
    own = stack.session.get_credentials()
    return Credentials(own.access_key, "another-secret", own.token)


def without_permission(stack: Stack) -> Credentials:
    """A session of the caller's that may only ask who it is."""
    allowed = {"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    made = stack.session.client("sts").get_federation_token(Name="smoke", Policy=policy)
    keys = made["Credentials"]
    return Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])


def jwt_of(stack: Stack) -> str:
    """The user's JWT."""
    if not stack.parameters["JwtIssuer"]:
        raise Skipped("the stack has no JWT issuer")
    if not stack.jwt:
        raise Skipped("no JWT in the variable JWT or in the file JWT_FILE")
    stack.secrets.add(stack.jwt)
    return stack.jwt


def me_token(stack: Stack, jwt: str, **more: object) -> Response:
    """`POST /me/token` with this JWT, or none."""
    body = json.dumps({"identity_pool_id": stack.outputs["PoolId"], **more})
    bearer = {"authorization": f"Bearer {jwt}"} if jwt else {}
    return send(stack.outputs["UserTokenEndpoint"], body, JSON | bearer)


def me_credentials(stack: Stack, jwt: str) -> Response:
    """`GET /me/credentials` with this JWT, or none."""
    bearer = {"authorization": f"Bearer {jwt}"} if jwt else {}
    return send(stack.outputs["UserCredentialsEndpoint"], None, bearer, "GET")


def invoke(stack: Stack, **more: object) -> Any:
    """The function's result or error, by the alias, which must run a published version."""
    response = stack.session.client("lambda").invoke(
        FunctionName=stack.outputs["FunctionAliasArn"], Payload=json.dumps(stack.arguments(**more))
    )
    same("that a published version ran", response["ExecutedVersion"].isdigit(), True)
    return json.load(response["Payload"])


def start(stack: Stack, **more: object) -> Any:
    """What the workflow puts out, or how it failed."""
    execution = stack.session.client("stepfunctions").start_sync_execution(
        stateMachineArn=stack.outputs["StateMachineArn"],
        name=f"smoke-{uuid.uuid4()}",
        input=json.dumps(stack.arguments(**more)),
    )
    return json.loads(execution["output"]) if execution["status"] == "SUCCEEDED" else execution


def result(response: Response) -> Any:
    """What a door gives, and no cache may keep."""
    if response.status != HTTPStatus.OK:
        said = response.json()
        raise FallsShort(f"{response.status}: {said.get('detail') or said.get('message')}")
    same("cache-control", response.headers.get("cache-control"), "no-store")
    return response.json()


def refused(response: Response, code: str | None = None, status: int = 403) -> None:
    """Refused by the function with this code, or by API Gateway with none."""
    same("the status", response.status, status)
    same("the code", response.json().get("code"), code)


def user_refused(stack: Stack, jwt: str, status: int = 401) -> None:
    """API Gateway lets this JWT through at neither of the user's doors."""
    refused(me_token(stack, jwt), status=status)
    refused(me_credentials(stack, jwt), status=status)
