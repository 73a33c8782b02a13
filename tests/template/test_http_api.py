"""The API's doors: exactly these routes, each with its authorizer."""

import json

import pytest

from tests.kit.template import Stack
from tests.template.test_parameters import CLOSED, DOMAIN, JWT, LAMBDA

SCOPES = {"JwtScopes": "a/read,b"}
ROUTE = "AWS::ApiGatewayV2::Route"
AUTHORIZER = "AWS::ApiGatewayV2::Authorizer"


@pytest.mark.parametrize(
    ("given", "word", "name"),
    [({}, "", ""), (JWT, "JWT", "UserAuthorizer"), (LAMBDA, "CUSTOM", "UserLambdaAuthorizer")],
    ids=["nobody", "an issuer", "the owner's authorizer"],
)
def test_the_users_doors_exist_with_who_vouches_for_them(
    given: dict[str, str], word: str, name: str
) -> None:
    without, stack = Stack(), Stack(**given)
    users = ["POST /me/token", "GET /me/credentials"] if given else []
    assert [
        (route["RouteKey"], route["AuthorizationType"], route.get("AuthorizerId"))
        for route in stack.of_type(ROUTE).values()
    ] == [("POST /token", "AWS_IAM", None), *((user, word, f"${{{name}}}") for user in users)]
    assert [*stack.of_type(AUTHORIZER)] == ([name] if given else [])
    outputs = {"UserTokenEndpoint", "UserCredentialsEndpoint"} if given else set()
    assert set(stack.outputs) - set(without.outputs) == outputs


def test_an_authorizer_asks_the_issuer_or_the_owners_function() -> None:
    jwt, own = Stack(**JWT).only(AUTHORIZER), Stack(**LAMBDA).only(AUTHORIZER)
    assert (jwt["AuthorizerType"], jwt["IdentitySource"]) == (
        "JWT",
        ["$request.header.Authorization"],
    )
    assert jwt["JwtConfiguration"] == {
        "Issuer": "https://issuer.example.com",
        "Audience": ["app", "web"],
    }
    function = LAMBDA["UserAuthorizerArn"]
    assert own == {
        "ApiId": "${TokenApi}",
        "Name": "user-lambda",
        "AuthorizerType": "REQUEST",
        "AuthorizerUri": "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
        f"{function}/invocations",
        "AuthorizerPayloadFormatVersion": "2.0",
        "EnableSimpleResponses": True,
        # Any header or cookie may be the login, and a withdrawn one passes no longer than it is.
        "AuthorizerResultTtlInSeconds": 0,
    }


def test_every_route_leads_to_the_alias() -> None:
    stack = Stack(**JWT)
    integration = stack.only("AWS::ApiGatewayV2::Integration")
    assert integration["IntegrationType"] == "AWS_PROXY"
    assert integration["PayloadFormatVersion"] == "2.0"
    assert integration["IntegrationUri"] == "${IssueTokenFunctionAliaslive}"
    for route in stack.of_type(ROUTE).values():
        assert route["Target"] == "integrations/${FunctionIntegration}"


def test_the_access_log_holds_no_body_header_or_query() -> None:
    settings = Stack().only("AWS::ApiGatewayV2::Stage")["AccessLogSettings"]
    assert settings["DestinationArn"] == "${TokenApiLogGroup.Arn}"
    assert "\n" not in settings["Format"]
    fields = """requestId requestTime routeKey status responseLatency integrationStatus
        integrationLatency integrationErrorMessage authorizer.error error.message
        identity.userArn identity.sourceIp"""
    logged = {f"$context.{field}" for field in fields.split()}
    assert set(json.loads(settings["Format"]).values()) == logged


@pytest.mark.parametrize(
    ("given", "asked"),
    [(JWT, None), (JWT | SCOPES, ["a/read", "b"]), (LAMBDA | SCOPES, None)],
)
def test_a_scope_is_asked_of_users_with_a_jwt_alone(
    given: dict[str, str], asked: list[str] | None
) -> None:
    routes = Stack(**given).of_type(ROUTE).values()
    assert {route["RouteKey"]: route.get("AuthorizationScopes") for route in routes} == {
        "POST /token": None,
        "POST /me/token": asked,
        "GET /me/credentials": asked,
    }


def test_users_have_a_rate_of_their_own() -> None:
    stack = Stack(RequestsPerSecond="7", UserRequestsPerSecond="3")
    stage = stack.only("AWS::ApiGatewayV2::Stage")
    limits = ("ThrottlingRateLimit", "ThrottlingBurstLimit")
    assert stage["DefaultRouteSettings"] == dict.fromkeys(limits, "3")
    assert stage["RouteSettings"] == {"POST /token": dict.fromkeys(limits, "7")}
    # API Gateway refuses the settings of a route that is not there yet.
    first = stack.resources["TokenApiStage"]["DependsOn"]
    assert stack.of_type(ROUTE)[first]["RouteKey"] in stage["RouteSettings"]


def test_cors_is_for_the_given_origins() -> None:
    assert "CorsConfiguration" not in Stack().only("AWS::ApiGatewayV2::Api")
    origins = "https://app.example.com,http://localhost:5173"
    cors = Stack(AllowedOrigins=origins).only("AWS::ApiGatewayV2::Api")["CorsConfiguration"]
    assert cors["AllowOrigins"] == ["https://app.example.com", "http://localhost:5173"]
    assert cors["AllowMethods"] == ["GET", "POST"]
    assert cors["AllowHeaders"] == ["authorization", "content-type"]
    assert cors["ExposeHeaders"] == ["retry-after"]
    assert cors["AllowCredentials"] is False
    own = Stack(AllowedOrigins=origins, **LAMBDA).only("AWS::ApiGatewayV2::Api")
    assert own["CorsConfiguration"] == cors | {"AllowCredentials": True}


def test_a_domain_of_the_owners_leads_to_the_api_and_the_outputs_name_it() -> None:
    plain, stack = Stack(**JWT), Stack(**JWT, **DOMAIN)
    (how,) = stack.only("AWS::ApiGatewayV2::DomainName")["DomainNameConfigurations"]
    assert (how["CertificateArn"], how["SecurityPolicy"]) == (DOMAIN["CertificateArn"], "TLS_1_2")
    assert (how["EndpointType"], how["IpAddressType"]) == ("REGIONAL", "dualstack")
    assert stack.only("AWS::ApiGatewayV2::ApiMapping") == {
        "ApiId": "${TokenApi}",
        "DomainName": "${ApiDomain}",
        "Stage": "${TokenApiStage}",
    }
    endpoints = [name for name in plain.outputs if name.endswith("Endpoint")]
    assert len(endpoints) == len(plain.of_type(ROUTE))
    for name in endpoints:
        at_once, path = plain.outputs[name]["Value"].split(".amazonaws.com")
        assert at_once == "https://${TokenApi}.execute-api.eu-west-1"
        assert stack.outputs[name]["Value"] == f"https://tokens.example.com{path}"
    assert stack.outputs.keys() - plain.outputs.keys() == {"DomainTarget", "DomainHostedZoneId"}
    apis = [it.only("AWS::ApiGatewayV2::Api") for it in (stack, Stack(**DOMAIN, **CLOSED))]
    assert [api["DisableExecuteApiEndpoint"] for api in apis] == [False, True]
    assert {api["IpAddressType"] for api in apis} == {"dualstack"}
