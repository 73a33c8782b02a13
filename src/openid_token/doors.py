"""Which door is this event for?"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from openid_token import http_api
from openid_token.audit import Record, audited
from openid_token.client import Client
from openid_token.door import Door
from openid_token.errors import InvalidParameterException, Violation
from openid_token.issuing import Deployment, issue_token
from openid_token.settings import Settings
from openid_token.telemetry import logger, metrics

# All of the answer to `identity_only`, so that nothing secret enters a state or a history.
_IDENTITY: Final = ("identity_pool_id", "identity_id")

type Handler = Callable[[object, LambdaContext], dict[str, Any]]

# What `StartExecution` allows in a name: "Names" in the Step Functions API reference.
_NAME: Final = (
    r"[^\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\U0010ffff]{1,80}"
)
_EXECUTION: Final = re.compile(
    rf"arn:aws[a-z-]*:states:[a-z0-9-]+:[0-9]{{12}}:(execution|express)([:/]{_NAME}){{2,4}}(?![\s\S])"
)


def create(settings: Settings, client: Client) -> Handler:
    """The Lambda handler of one deployment.

    It takes an event of API Gateway, of a direct caller or of a Step Functions task. A
    `TokenIssuerError` escapes to the latter two; over HTTP it is the response.
    """
    deployment = Deployment(settings, client)

    @metrics.log_metrics(capture_cold_start_metric=True)
    @logger.inject_lambda_context(log_event=False, clear_state=True)
    def recorded(event: object, context: LambdaContext) -> dict[str, Any]:
        # A workflow names its execution, whatever its own caller put beside that.
        if isinstance(event, Mapping) and "requestContext" in event and "execution_id" not in event:
            return http_api.respond(event, context.aws_request_id, deployment)
        return _invoked(event, deployment)

    def handler(event: object, context: LambdaContext) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = recorded(event, context)
            return answer
        except Exception as exc:  # noqa: BLE001 - whatever it is, it is raised again
            error = exc.with_traceback(None)
            error.__context__ = None
        # The runtime client shows the caller the frames, and an error tracker what they hold.
        del event
        raise error from None

    return handler


def _invoked(event: object, deployment: Deployment) -> dict[str, Any]:
    record = Record(door=Door.DIRECT)
    with audited(record):
        if not isinstance(event, Mapping):
            raise InvalidParameterException("the event must be a JSON object")
        given = dict(event)
        only = _take_own_keys(given, record)
        token = issue_token(given, record, deployment, of_user=False, identity_only=only)
        return {n: getattr(token, n) for n in _IDENTITY} if only else token.reveal()


def _take_own_keys(given: dict[str, object], record: Record) -> bool:
    """Move this door's own keys into the record; `True` if only the identity is asked for."""
    execution, identity_only = given.pop("execution_id", None), given.pop("identity_only", None)
    violations = []
    if execution is not None:
        record.door = Door.STEP_FUNCTIONS
        if isinstance(execution, str) and _EXECUTION.match(execution):
            record.execution_id = execution
        else:
            message = "must be the ARN of a Step Functions execution"
            violations.append(Violation("execution_id", message))
    if not isinstance(identity_only, bool | None):
        violations.append(Violation("identity_only", "must be true or false"))
    if violations:
        raise InvalidParameterException(violations=violations)
    record.identity_only = identity_only is True or None
    return identity_only is True
