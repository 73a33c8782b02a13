"""Which door is this event for?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from openid_token import arguments, http_api, policy
from openid_token.audit import Door, Record, audited, call_cognito
from openid_token.errors import InvalidParameterException, TokenIssuerError, Violation
from openid_token.issuer import issue
from openid_token.telemetry import logger, metrics

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from mypy_boto3_cognito_identity import CognitoIdentityClient

    from openid_token.issuer import Result
    from openid_token.settings import Settings

type Handler = Callable[[object, LambdaContext], dict[str, Any]]

_EXECUTION: Final = re.compile(
    r"arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:[a-z]+:[A-Za-z0-9_:/.-]{1,256}(?![\s\S])"
)


def create(settings: Settings, client: CognitoIdentityClient) -> Handler:
    """The Lambda handler of one deployment.

    It answers an event of API Gateway, of a direct caller or of a Step Functions task. A
    `TokenIssuerError` escapes to the latter two; over HTTP it is the response.
    """

    def answer(given: Mapping[str, object], record: Record) -> Result:
        asked = arguments.parse(given)
        record.asks(asked)
        cap = policy.max_duration(settings, user=record.door is Door.USER_API)
        allowed = policy.allow(asked, settings, cap)
        result = call_cognito(record, partial(issue, client, allowed))
        record.gets(result)
        return result

    api = http_api.create(answer, settings)

    @metrics.log_metrics(capture_cold_start_metric=True)
    @logger.inject_lambda_context(log_event=False, clear_state=True)
    def handler(event: object, context: LambdaContext) -> dict[str, Any]:
        try:
            if isinstance(event, Mapping) and "requestContext" in event:
                return api(event, context)
            return _invoked(event, answer)
        except TokenIssuerError as error:
            # A fresh traceback: the runtime client shows it to the caller.
            raise error.with_traceback(None) from None

    typed: Handler = handler
    return typed


def _invoked(event: object, answer: http_api.Issue) -> dict[str, Any]:
    record = Record(door=Door.DIRECT)
    with audited(record):
        if not isinstance(event, Mapping):
            raise InvalidParameterException("the event must be a JSON object")
        given = dict(event)
        execution = given.pop("execution_id", None)
        if execution is not None:
            record.door = Door.STEP_FUNCTIONS
            record.execution_id = _checked_execution(execution)
        return answer(given, record).reveal()


def _checked_execution(execution: object) -> str:
    if not isinstance(execution, str) or not _EXECUTION.match(execution):
        violation = Violation("execution_id", "must be the ARN of a Step Functions execution")
        raise InvalidParameterException(violations=[violation])
    return execution
