"""The API's doors: exactly these routes, each with its authorizer."""

from __future__ import annotations

import json
import re

import pytest

from tests.template.cloudformation import SOURCE, Stack

USER_DOOR = {"JwtIssuer": "https://issuer.example.com", "JwtAudience": "app,web"}
ROUTE = "AWS::ApiGatewayV2::Route"
AUTHORIZER = "AWS::ApiGatewayV2::Authorizer"


def test_without_an_issuer_there_is_the_backends_door_only() -> None:
    stack = Stack()
    route = stack.only(ROUTE)
    assert (route["RouteKey"], route["AuthorizationType"]) == ("POST /token", "AWS_IAM")
    assert not stack.of_type(AUTHORIZER)
    assert "UserTokenEndpoint" not in stack.outputs


def test_with_an_issuer_there_is_the_users_door_too() -> None:
    stack = Stack(**USER_DOOR)
    doors = [
        (route["RouteKey"], route["AuthorizationType"], route.get("AuthorizerId"))
        for route in stack.of_type(ROUTE).values()
    ]
    assert doors == [
        ("POST /token", "AWS_IAM", None),
        ("POST /me/token", "JWT", "${UserAuthorizer}"),
    ]
    assert "UserTokenEndpoint" in stack.outputs
    authorizer = stack.only(AUTHORIZER)
    assert authorizer["AuthorizerType"] == "JWT"
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]
    assert authorizer["JwtConfiguration"] == {
        "Issuer": "https://issuer.example.com",
        "Audience": ["app", "web"],
    }


@pytest.mark.parametrize(("name", "valid"), [("JwtIssuer", False), ("JwtAudience", False)])
def test_half_an_issuer_is_refused(name: str, valid: bool) -> None:
    assert Stack(**{name: USER_DOOR[name]}).asserts("IssuerWithAudience") is valid


@pytest.mark.parametrize("parameters", [{}, USER_DOOR])
def test_both_or_neither_are_accepted(parameters: dict[str, str]) -> None:
    assert Stack(**parameters).asserts("IssuerWithAudience")


def test_every_route_leads_to_the_alias() -> None:
    stack = Stack(**USER_DOOR)
    integration = stack.only("AWS::ApiGatewayV2::Integration")
    assert integration["IntegrationType"] == "AWS_PROXY"
    assert integration["PayloadFormatVersion"] == "2.0"
    assert integration["IntegrationUri"] == "${IssueTokenFunctionAliaslive}"
    for route in stack.of_type(ROUTE).values():
        assert route["Target"] == "integrations/${FunctionIntegration}"


def test_the_function_gives_up_before_the_api_does() -> None:
    stack = Stack()
    function = stack.only("AWS::Lambda::Function")["Timeout"] * 1000
    api = stack.only("AWS::ApiGatewayV2::Integration")["TimeoutInMillis"]
    assert 15_000 < function < api < 30_000


def test_the_access_log_holds_no_body_header_or_query() -> None:
    settings = Stack().only("AWS::ApiGatewayV2::Stage")["AccessLogSettings"]
    assert settings["DestinationArn"] == "${TokenApiLogGroup.Arn}"
    assert "\n" not in settings["Format"]
    assert set(json.loads(settings["Format"]).values()) == {
        "$context.requestId",
        "$context.requestTime",
        "$context.routeKey",
        "$context.status",
        "$context.responseLatency",
        "$context.integrationStatus",
        "$context.integrationLatency",
        "$context.integrationErrorMessage",
        "$context.authorizer.error",
        "$context.error.message",
        "$context.identity.userArn",
        "$context.identity.sourceIp",
    }


def test_requests_are_throttled() -> None:
    stage = Stack(RequestsPerSecond="20").only("AWS::ApiGatewayV2::Stage")
    assert stage["DefaultRouteSettings"] == {
        "ThrottlingRateLimit": "20",
        "ThrottlingBurstLimit": "20",
    }


def test_cors_is_for_the_given_origins() -> None:
    assert "CorsConfiguration" not in Stack().only("AWS::ApiGatewayV2::Api")
    origins = "https://app.example.com,http://localhost:5173"
    cors = Stack(AllowedOrigins=origins).only("AWS::ApiGatewayV2::Api")["CorsConfiguration"]
    assert cors["AllowOrigins"] == ["https://app.example.com", "http://localhost:5173"]
    assert cors["AllowMethods"] == ["POST"]
    assert cors["AllowCredentials"] is False


@pytest.mark.parametrize(
    ("origins", "accepted"),
    [
        ("", True),
        ("https://app.example.com", True),
        ("http://localhost:3000,https://a.example:8443", True),
        ("*", False),
        ("https://*", False),
        ("https://*.example.com", False),
        ("https://a.example,*", False),
        ("http://app.example.com", False),
        ("http://localhost.example.com", False),
        ("https://app.example.com/", False),
        ("https://a.example, https://b.example", False),
        ("null", False),
    ],
)
def test_an_origin_is_https_or_localhost_and_never_a_wildcard(origins: str, accepted: bool) -> None:
    pattern = SOURCE["Parameters"]["AllowedOrigins"]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, origins)) is accepted
