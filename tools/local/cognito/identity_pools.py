"""Identity pools whose users come from a developer provider, as the service documents them.

No public material says which error a call without a login gets, of which class the one for
another provider is (its message was seen), and which of two errors goes first.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc.errors import JoseError

from tools.local.cognito import tokens
from tools.local.cognito.constraints import ServiceError
from tools.local.cognito.sessions import Sessions

_CREDENTIALS_SECONDS = 3600
_NO_MATCH = "Logins don't match. Please include at least one valid login for this identity"


@dataclass
class Pool:
    """A pool of one developer provider. `role` is its authenticated users', and `identities` are
    those of its users."""

    provider: str
    role: str | None = None
    identities: dict[str, str] = field(default_factory=dict)


@dataclass
class IdentityPools:
    """The pools by their ids, and the calls that are served, with the names of the API's JSON.

    An identity that nobody has heard of is a guest's: it has no login yet.
    """

    pools: dict[str, Pool] = field(default_factory=dict)
    sessions: Sessions = field(default_factory=Sessions)

    def get_open_id_token_for_developer_identity(self, asked: Mapping[str, Any]) -> Any:
        """A token for the identity of the login, which is new for a new one."""
        pool_id, logins = asked["IdentityPoolId"], asked["Logins"]
        pool, region = self._pool(pool_id), pool_id.partition(":")[0]
        user = _user(pool, logins)
        found = _identity(pool, user, asked.get("IdentityId"))
        identity = pool.identities[user] = found or f"{region}:{uuid.uuid4()}"
        tags, seconds = asked.get("PrincipalTags"), asked.get("TokenDuration")
        token = tokens.issued(pool_id, identity, logins, tags, seconds)
        return {"IdentityId": identity, "Token": token}

    def get_credentials_for_identity(self, asked: Mapping[str, Any]) -> Any:
        """The enhanced flow, for one of the tokens above."""
        identity = asked["IdentityId"]
        role = self._pool(_pool_of_token(identity, asked.get("Logins") or {})).role
        if role is None:
            raise ServiceError(
                "InvalidIdentityPoolConfigurationException",
                "Invalid identity pool configuration. Check assigned IAM roles for this pool.",
            )
        session = self.sessions.start(role, "CognitoIdentityCredentials", _CREDENTIALS_SECONDS)
        credentials = {
            "AccessKeyId": session.access_key_id,
            "SecretKey": session.secret_access_key,
            "SessionToken": session.session_token,
            "Expiration": session.expiration.timestamp(),
        }
        return {"IdentityId": identity, "Credentials": credentials}

    def set_identity_pool_roles(self, asked: Mapping[str, Any]) -> Any:
        """Which role authenticated users get."""
        self._pool(asked["IdentityPoolId"]).role = asked["Roles"].get("authenticated")
        return {}

    def delete_identities(self, asked: Mapping[str, Any]) -> Any:
        """Forget identities: their users get new ones."""
        doomed = asked["IdentityIdsToDelete"]
        for pool in self.pools.values():
            kept = {user: each for user, each in pool.identities.items() if each not in doomed}
            pool.identities = kept
        return {"UnprocessedIdentityIds": []}

    def _pool(self, pool_id: str) -> Pool:
        if pool_id not in self.pools:
            raise ServiceError("ResourceNotFoundException", f"IdentityPool '{pool_id}' not found.")
        return self.pools[pool_id]


def _user(pool: Pool, logins: Mapping[str, str]) -> str:
    """The user whose login it is."""
    if logins.keys() == {pool.provider}:
        return logins[pool.provider]
    message = "Please provide a login of the developer provider."
    if logins:
        message = "This identity pool does not support the specified developer provider."
    raise ServiceError("InvalidParameterException", message)


def _identity(pool: Pool, user: str, asked_for: str | None) -> str | None:
    """The identity that the user has, or that a new one may be linked to."""
    own = pool.identities.get(user)
    if own and asked_for and own != asked_for:
        message = "This developer user identifier is already registered with Cognito."
        raise ServiceError("DeveloperUserAlreadyRegisteredException", message)
    if not own and asked_for in pool.identities.values():
        raise ServiceError("NotAuthorizedException", f"{_NO_MATCH}.")
    return own or asked_for


def _pool_of_token(identity: str, logins: Mapping[str, str]) -> str:
    """The pool whose token for this identity is the login."""
    if not logins:
        message = "Unauthenticated access is not supported for this identity pool."
    elif tokens.HOST not in logins:
        message = f"{_NO_MATCH} or identity pool."
    else:
        message = "Invalid login token."
        try:
            claims = tokens.verified(logins[tokens.HOST])
        except (JoseError, ValueError):
            claims = {}
        if claims.get("sub") == identity:
            return str(claims["aud"])
    raise ServiceError("NotAuthorizedException", message)
