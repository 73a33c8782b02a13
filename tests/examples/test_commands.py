"""The examples, run as a user runs them."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from answers import TokenIssuerError
from tests.examples.aws_api import CLASSIC, ENHANCED, ISSUE
from tests.examples.commands import INSTALLED, JAVASCRIPT, MEMBERS, NO_KEYS, USER
from tests.examples.stand import SESSION, Stand, assert_signed
from tests.kit.acts import Reply, answers
from tests.kit.builders import IDENTITY, OTHER_POOL, token
from tests.kit.cognito import Cognito, served
from token_issuer import deployment, token_of

# The first test may have to build the package and to install the JavaScript SDK.
pytestmark = pytest.mark.timeout(300)
WAYS = {"TOKEN_ENDPOINT", "FUNCTION_ALIAS_ARN", "USER_TOKEN_ENDPOINT"}
COMMAND = ("bash", "-c", 'echo "$AWS_ACCESS_KEY_ID"')


# Both ways to the token and both flows in each language that has them.
@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("python enhanced", "TOKEN_ENDPOINT"),
        ("python classic", "FUNCTION_ALIAS_ARN"),
        ("cli enhanced", "FUNCTION_ALIAS_ARN"),
        ("cli classic", "TOKEN_ENDPOINT"),
        ("javascript enhanced", "USER_TOKEN_ENDPOINT"),
        ("javascript classic", "USER_TOKEN_ENDPOINT"),
    ],
)
def test_exchanges_a_token(stand: Stand, name: str, way: str) -> None:
    more = COMMAND if "cli" in name else ()
    done = stand.example(name, dict.fromkeys(WAYS - {way}), more)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    issue, exchange = stand.api.calls  # GetId is not among them
    assert (issue.operation, stand.api.users()) == (ISSUE, [USER])
    issued, asked = json.loads(issue.answer), exchange.asked
    if "classic" in name:
        assert (exchange.operation, asked["WebIdentityToken"]) == (CLASSIC, issued["Token"])
        assert asked["RoleArn"] == stand.environment["ROLE_ARN"]
        assert issued["IdentityId"].endswith(asked["RoleSessionName"])
    else:
        assert (exchange.operation, asked["IdentityId"]) == (ENHANCED, issued["IdentityId"])
        assert [*asked["Logins"].values()] == [issued["Token"]]

    expires, key = _shown(name, done.stdout, issued["IdentityId"])
    assert key in exchange.answer
    # RFC 3339 in UTC, whatever the machine's time zone, and in no other form.
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.000)?Z", expires)
    left = datetime.fromisoformat(expires) - datetime.now(UTC)
    assert timedelta(minutes=59) < left <= timedelta(hours=1)

    assert len(stand.over_http) == (way != "FUNCTION_ALIAS_ARN")
    if way == "TOKEN_ENDPOINT":
        assert_signed(stand.over_http[0], SESSION)


def _shown(name: str, printed: str, identity: str) -> tuple[str, str]:
    """The expiry, and the access key that a program hands on or a command runs with."""
    if "python" in name:
        answer = json.loads(printed)
        assert (set(answer), answer["Version"]) == (MEMBERS, 1)
        return answer["Expiration"], answer["AccessKeyId"]
    of, expires, *key = printed.splitlines()
    assert (of, len(key)) == (f"identity  {identity}", "cli" in name)
    return expires.removeprefix("expires   "), "".join(key)


@pytest.mark.parametrize("name", ["python enhanced", "cli enhanced", "javascript enhanced"])
def test_the_name_of_the_login_is_the_tokens_own_issuer(stand: Stand, name: str) -> None:
    china = "cognito-identity.cn-north-1.amazonaws.com.cn"
    issued = {"IdentityId": IDENTITY, "Token": token(iss=f"https://{china}")}
    with served(Cognito(answers(Reply.json(issued)))) as url:
        stand.example(name, dict.fromkeys(["TOKEN_ENDPOINT", "USER_TOKEN_ENDPOINT"], url))
    [exchange] = stand.api.calls
    assert (exchange.operation, exchange.asked["Logins"]) == (ENHANCED, {china: issued["Token"]})


TAGS, SECONDS = {"plan": "gold"}, 60


@pytest.mark.parametrize("way", ["endpoint", "function"])
def test_a_backend_asks_with_tags_and_a_duration_in_python(
    stand: Stand, environment: None, way: str
) -> None:
    """And tells errors apart."""
    [other] = {"endpoint", "function"} - {way}
    issuer = replace(deployment(stand.environment), **{other: ""})
    issued = token_of(USER, issuer, principal_tags=TAGS, token_duration=SECONDS)
    [call] = stand.api.calls
    assert issued.token in call.answer
    asked = call.asked["PrincipalTags"], call.asked["TokenDuration"]
    assert (call.operation, *asked) == (ISSUE, TAGS, SECONDS)
    stand.api.refusals[ISSUE] = "ResourceConflictException"
    with pytest.raises(TokenIssuerError) as raised:
        token_of(USER, issuer)
    assert raised.value.code == "ResourceConflictException"


def test_a_backend_asks_with_tags_and_a_duration_in_javascript(stand: Stand) -> None:
    """And tells errors apart. It has one client: each new one would look the credentials up."""
    keys = {"AccessKeyId": "AKIA", "SecretAccessKey": "s", "Token": "t"}
    container = Cognito(answers(Reply.json(keys | {"Expiration": "2099-01-01T00:00:00Z"})))
    # As another program would: the modules look for no program of their own.
    more = json.dumps({"principal_tags": TAGS, "token_duration": SECONDS})
    script = f"""
        import {{ tokenOf }} from "{INSTALLED}/backend.mjs";
        import "{INSTALLED}/get-credentials.mjs";
        import "{INSTALLED}/assume-role.mjs";
        const {{ identity_id, login }} = await tokenOf("{USER}", {more});
        console.log(identity_id, login);
        process.env.POOL = "{OTHER_POOL}";
        await tokenOf("{USER}").catch((error) => console.log(error.code));
    """
    with served(container) as url:
        changes = {**NO_KEYS, "AWS_CONTAINER_CREDENTIALS_FULL_URI": url}
        done = stand.run(["node", "--input-type=module", "--eval", script], changes)
    [call] = stand.api.calls
    identity = json.loads(call.answer)["IdentityId"]
    said = f"{identity} cognito-identity.amazonaws.com\nAccessDeniedException\n"
    assert (done.stdout, done.stderr) == (said, "")
    assert (call.asked["PrincipalTags"], call.asked["TokenDuration"]) == (TAGS, SECONDS)
    assert len(container.calls) == 1


def test_the_javascript_lock_file_has_no_download_addresses() -> None:
    packages = json.loads((JAVASCRIPT / "package-lock.json").read_text())["packages"]
    assert len(packages) > 1
    assert not [name for name, entry in packages.items() if "://" in json.dumps(entry)]
