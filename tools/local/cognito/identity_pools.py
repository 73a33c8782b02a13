"""moto's identity pools, with what moto leaves out: an identity that stays with its login, a token
that is a JWT, and an exchange that verifies it and assumes the pool's role in moto's STS."""

import json
import threading
from collections.abc import Mapping

from joserfc.errors import JoseError
from moto.cognitoidentity.responses import CognitoIdentityResponse
from moto.cognitoidentity.utils import get_random_identity_id
from moto.core.exceptions import JsonRESTError
from moto.sts.models import sts_backends

from tools.local.cognito import tokens

LOGIN = "cognito-identity.amazonaws.com"
_CREDENTIALS_SECONDS = 3600

_one_at_a_time = threading.Lock()
_identities: dict[tuple[str, str, str], str] = {}
_roles: dict[str, Mapping[str, str]] = {}


class IdentityPools(CognitoIdentityResponse):
    """The operations that differ from moto's."""

    def set_identity_pool_roles(self) -> str:
        """Which role authenticated users get: `Roles` is `{"authenticated": ARN}`."""
        _roles[self._get_param("IdentityPoolId")] = self._get_param("Roles")
        return ""

    def get_open_id_token_for_developer_identity(self) -> str:
        """A token for the identity of the logins, which is new for new ones."""
        pool, logins = self._get_param("IdentityPoolId"), self._get_param("Logins")
        self.backend.describe_identity_pool(pool)
        identity = _identity(pool, logins, self._get_param("IdentityId"))
        region = pool.partition(":")[0]
        arn = f"arn:aws:cognito-identity:{region}:{self.current_account}:identitypool/{pool}"
        tags, seconds = self._get_param("PrincipalTags"), self._get_param("TokenDuration")
        token = tokens.issued(arn, identity, logins, tags, seconds)
        return json.dumps({"IdentityId": identity, "Token": token})

    def delete_identities(self) -> str:
        """Forget identities: their users get new ones."""
        doomed = set(self._get_param("IdentityIdsToDelete"))
        with _one_at_a_time:
            for login in [login for login, identity in _identities.items() if identity in doomed]:
                del _identities[login]
        return json.dumps({"UnprocessedIdentityIds": []})

    def get_credentials_for_identity(self) -> str:
        """The enhanced flow, for one of the tokens above."""
        identity = self._get_param("IdentityId")
        pool = _pool(identity, self._get_param("Logins") or {})
        role = _roles.get(pool, {}).get("authenticated")
        if role is None:
            raise JsonRESTError(
                "InvalidIdentityPoolConfigurationException",
                "Invalid identity pool configuration. Check assigned IAM roles for this pool.",
            )
        session = sts_backends[self.current_account]["aws"].assume_role_with_web_identity(
            region_name=pool.partition(":")[0],
            role_session_name="CognitoIdentityCredentials",
            role_arn=role,
            policy="",
            duration=_CREDENTIALS_SECONDS,
            external_id="",
        )
        credentials = {
            "AccessKeyId": session.access_key_id,
            "SecretKey": session.secret_access_key,
            "SessionToken": session.session_token,
            "Expiration": int(session.expiration.timestamp()),
        }
        return json.dumps({"IdentityId": identity, "Credentials": credentials})


def _identity(pool: str, logins: Mapping[str, str], asked_for: str | None) -> str:
    known_as = [(pool, provider, user) for provider, user in logins.items()]
    with _one_at_a_time:
        known = next((_identities[login] for login in known_as if login in _identities), None)
        identity = asked_for or known or get_random_identity_id(pool.partition(":")[0])
        for login in known_as:
            _identities.setdefault(login, identity)
    return identity


def _pool(identity: str, logins: Mapping[str, str]) -> str:
    """The pool whose token is the login."""
    if not logins:
        message = "Unauthenticated access is not supported for this identity pool."
    elif LOGIN not in logins:
        message = "Logins don't match. Please include at least one valid login for this identity."
    else:
        try:
            return tokens.verified(logins[LOGIN], identity)
        except (JoseError, ValueError):
            message = "Invalid login token."
    raise JsonRESTError("NotAuthorizedException", message)
