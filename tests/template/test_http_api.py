"""The API's doors: exactly these routes, each with its authorizer."""

import json
import re

import pytest

from tests.kit.template import SOURCE, Stack

USER_DOOR = {"JwtIssuer": "https://issuer.example.com", "JwtAudience": "app,web"}
OWN_LOGIN = {"UserAuthorizerArn": "arn:aws:lambda:eu-west-1:123456789012:function:mine:live"}
ROUTE = "AWS::ApiGatewayV2::Route"
AUTHORIZER = "AWS::ApiGatewayV2::Authorizer"


def doors(stack: Stack) -> list[tuple[str, str, str | None]]:
    return [
        (route["RouteKey"], route["AuthorizationType"], route.get("AuthorizerId"))
        for route in stack.of_type(ROUTE).values()
    ]


def test_the_users_doors_exist_with_an_issuer() -> None:
    users = {"UserTokenEndpoint", "UserCredentialsEndpoint"}
    without, stack = Stack(), Stack(**USER_DOOR)
    assert doors(without) == [("POST /token", "AWS_IAM", None)]
    assert doors(stack) == [
        ("POST /token", "AWS_IAM", None),
        ("POST /me/token", "JWT", "${UserAuthorizer}"),
        ("GET /me/credentials", "JWT", "${UserAuthorizer}"),
    ]
    assert set(stack.outputs) - set(without.outputs) == users
    assert not without.of_type(AUTHORIZER)
    assert stack.only(AUTHORIZER)["AuthorizerType"] == "JWT"
    assert stack.only(AUTHORIZER)["IdentitySource"] == ["$request.header.Authorization"]
    assert stack.only(AUTHORIZER)["JwtConfiguration"] == {
        "Issuer": "https://issuer.example.com",
        "Audience": ["app", "web"],
    }


def test_the_users_doors_exist_with_an_authorizer_of_the_owners() -> None:
    stack = Stack(**OWN_LOGIN, JwtScopes="left-over")
    assert doors(stack) == [
        ("POST /token", "AWS_IAM", None),
        ("POST /me/token", "CUSTOM", "${UserLambdaAuthorizer}"),
        ("GET /me/credentials", "CUSTOM", "${UserLambdaAuthorizer}"),
    ]
    assert not [r for r in stack.of_type(ROUTE).values() if "AuthorizationScopes" in r]
    function = OWN_LOGIN["UserAuthorizerArn"]
    assert stack.only(AUTHORIZER) == {
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
    assert not Stack(**USER_DOOR, **OWN_LOGIN).asserts("OneAuthorizer")
    assert all(Stack(**given).asserts("OneAuthorizer") for given in ({}, USER_DOOR, OWN_LOGIN))


def test_an_issuer_comes_with_its_audience() -> None:
    assert Stack().asserts("IssuerWithAudience")
    assert Stack(**USER_DOOR).asserts("IssuerWithAudience")
    for name, value in USER_DOOR.items():
        assert not Stack(**{name: value}).asserts("IssuerWithAudience")


def test_every_route_leads_to_the_alias() -> None:
    stack = Stack(**USER_DOOR)
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


@pytest.mark.parametrize(("scopes", "asked"), [("", None), ("a/read,b", ["a/read", "b"])])
def test_a_scope_is_asked_of_users_alone(scopes: str, asked: list[str] | None) -> None:
    routes = Stack(**USER_DOOR, JwtScopes=scopes).of_type(ROUTE).values()
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
    own = Stack(AllowedOrigins=origins, **OWN_LOGIN).only("AWS::ApiGatewayV2::Api")
    assert own["CorsConfiguration"] == cors | {"AllowCredentials": True}


DOMAIN = {
    "DomainName": "tokens.example.com",
    "CertificateArn": "arn:aws:acm:eu-west-1:123456789012:certificate/a-b",
}


def test_a_domain_of_the_owners_leads_to_the_api_and_the_outputs_name_it() -> None:
    plain, stack = Stack(**USER_DOOR), Stack(**USER_DOOR, **DOMAIN)
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


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        *(({}, True), (DOMAIN, True), (DOMAIN | {"ExecuteApiEndpoint": "closed"}, True)),
        *(({name: value}, False) for name, value in DOMAIN.items()),
        ({"ExecuteApiEndpoint": "closed"}, False),
    ],
)
def test_a_domain_comes_with_its_certificate_and_only_then_is_the_other_address_closed(
    given: dict[str, str], taken: bool
) -> None:
    stack = Stack(**given)
    assert stack.asserts("DomainWithCertificate") is taken
    api = stack.only("AWS::ApiGatewayV2::Api")
    assert api["DisableExecuteApiEndpoint"] is ("ExecuteApiEndpoint" in given)
    assert api["IpAddressType"] == "dualstack"


ORIGINS = SOURCE["Parameters"]["AllowedOrigins"]["AllowedPattern"]


@pytest.mark.parametrize("origins", ["", "https://a.example,http://localhost:3000,https://a:8443"])
def test_an_origin_is_https_or_localhost(origins: str) -> None:
    assert re.fullmatch(ORIGINS, origins)


@pytest.mark.parametrize(
    "origin",
    [
        *("*", "null", "https://*.example.com", "http://localhost.example"),
        *("https://a.example/", "https://a.example, https://b.example"),
    ],
)
def test_it_is_never_a_wildcard_and_ends_where_an_origin_ends(origin: str) -> None:
    assert not re.fullmatch(ORIGINS, origin)
    assert not re.fullmatch(ORIGINS, f"https://a.example,{origin}")
