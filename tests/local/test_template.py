"""The function runs here with what the template gives it."""

import pytest

from tools.local.template import Values, function, source


def test_parameters_become_variables_and_the_rest_keeps_its_defaults() -> None:
    found = function(MaxTokenDuration="60", MemorySize="256")

    assert (found.handler, found.timeout_seconds) == ("openid_token.handler.handler", 20)
    assert found.memory_megabytes == 256
    assert found.variables["MAX_TOKEN_DURATION"] == "60"
    assert found.variables["USER_MAX_TOKEN_DURATION"] == "900"
    assert found.variables["AWS_LAMBDA_LOG_FORMAT"] == "JSON"
    assert found.variables["IDENTITY_POOL_ID"] == "${IdentityPool}"


def test_what_it_does_not_know_is_refused() -> None:
    with pytest.raises(TypeError, match="no parameter PoolId"):
        function(PoolId="x")
    with pytest.raises(NotImplementedError, match="Fn::Base64"):
        Values(source(), {}).of({"Name": {"Fn::Base64": "text"}})
