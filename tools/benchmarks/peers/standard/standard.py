"""The standard function: what Powertools' documentation makes of the same task."""

from typing import Annotated, Any

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, Field

logger = Logger()
metrics = Metrics()
tracer = Tracer()
app = APIGatewayHttpResolver(enable_validation=True)
client = boto3.client("cognito-identity")

type IdentityId = Annotated[str, Field(max_length=55, pattern=r"^[\w-]+:[0-9a-f-]+$")]
type Name = Annotated[str, Field(min_length=1, max_length=128)]
type LoginValue = Annotated[str, Field(min_length=1, max_length=50_000)]
type TagValue = Annotated[str, Field(min_length=1, max_length=256)]


class TokenRequest(BaseModel):
    """The documented arguments."""

    identity_pool_id: IdentityId
    identity_id: IdentityId | None = None
    logins: Annotated[dict[Name, LoginValue], Field(max_length=10)]
    principal_tags: Annotated[dict[Name, TagValue], Field(max_length=50)] = {}
    token_duration: Annotated[int, Field(ge=1, le=86_400)] = 900


class TokenResponse(BaseModel):
    """The token and whose it is."""

    identity_id: str
    token: str


@app.post("/token")
@tracer.capture_method(capture_response=False)
def issue(request: TokenRequest) -> TokenResponse:
    """Ask Cognito for the token."""
    arguments: dict[str, Any] = {
        "IdentityPoolId": request.identity_pool_id,
        "Logins": request.logins,
        "PrincipalTags": request.principal_tags,
        "TokenDuration": request.token_duration,
    }
    if request.identity_id is not None:
        arguments["IdentityId"] = request.identity_id
    response = client.get_open_id_token_for_developer_identity(**arguments)
    metrics.add_metric(name="TokensIssued", unit=MetricUnit.Count, value=1)
    logger.info("token issued", identity_id=response["IdentityId"])
    return TokenResponse(identity_id=response["IdentityId"], token=response["Token"])


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer an event of an HTTP API."""
    return app.resolve(event, context)
