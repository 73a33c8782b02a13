"""HTTP to the embedded AWS: Cognito's calls in JSON, and STS's in XML."""

import json
import re
import threading
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from werkzeug.wrappers import Request, Response

from tools.local.cognito import constraints, tokens
from tools.local.cognito.constraints import ServiceError
from tools.local.cognito.identity_pools import IdentityPools
from tools.local.cognito.sessions import Sessions
from tools.local.web.response import json_response, message
from tools.local.web.server import Application

_STS = "https://sts.amazonaws.com/doc/2011-06-15/"


def application(pools: IdentityPools) -> Application:
    """The calls that the demonstration and the examples need, and nothing else of AWS."""
    one_at_a_time = threading.Lock()

    @Request.application
    def answer(request: Request) -> Response:
        asked = request.method, request.path
        if asked == ("GET", tokens.KEYS_PATH):
            return json_response(tokens.keys())
        if asked != ("POST", "/"):
            return message(404, "Not Found")
        with one_at_a_time:
            if target := request.headers.get("X-Amz-Target"):
                return _cognito(pools, target.rpartition(".")[2], request.get_data())
            return _sts(pools.sessions, request)

    return answer


def _cognito(pools: IdentityPools, operation: str, body: bytes) -> Response:
    calls = {
        "GetOpenIdTokenForDeveloperIdentity": pools.get_open_id_token_for_developer_identity,
        "GetCredentialsForIdentity": pools.get_credentials_for_identity,
        "SetIdentityPoolRoles": pools.set_identity_pool_roles,
        "DeleteIdentities": pools.delete_identities,
    }
    try:
        if operation not in calls:
            raise ServiceError("UnknownOperationException", "This is not served here.")
        asked = json.loads(body)
        constraints.check(operation, asked)
        answer, status = calls[operation](asked), 200
    except ServiceError as error:
        answer, status = {"__type": error.code, "message": str(error)}, 400
    except ValueError:
        answer, status = {"__type": "SerializationException", "message": "This is not JSON."}, 400
    return Response(json.dumps(answer), status, content_type="application/x-amz-json-1.1")


def _sts(sessions: Sessions, request: Request) -> Response:
    action = request.form.get("Action", "")
    signed = re.search(r"Credential=(\w+)/", request.headers.get("Authorization", ""))
    try:
        match action:
            case "AssumeRoleWithWebIdentity":
                result = sessions.assume_role_with_web_identity(request.form)
            case "GetCallerIdentity":
                result = sessions.get_caller_identity(signed[1] if signed else "")
            case _:
                raise ServiceError("InvalidAction", "This is not served here.")
        name, content, status = f"{action}Response", {f"{action}Result": result}, 200
    except ServiceError as error:
        content = {"Error": {"Type": "Sender", "Code": error.code, "Message": str(error)}}
        name, status = "ErrorResponse", 400
    root = ET.Element(name, xmlns=_STS)
    _fill(root, content)
    return Response(ET.tostring(root), status, content_type="text/xml")


def _fill(parent: ET.Element, members: Mapping[str, Any]) -> None:
    for tag, member in members.items():
        element = ET.SubElement(parent, tag)
        if isinstance(member, str):
            element.text = member
        else:
            _fill(element, member)
