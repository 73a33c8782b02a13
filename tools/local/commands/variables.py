"""The variables by which any AWS SDK, and the AWS CLI, gets a user's credentials from here."""

from pathlib import Path

from tools.local.cognito.embedded import Cognito


def sdk_variables(url: str, jwt_file: Path | str, cognito: Cognito) -> dict[str, str]:
    """The two variables of the container credentials provider, for a gateway at `url` and a file
    with nothing but the JWT in it; and where AWS is, if it is the embedded one. (Some SDKs read
    the region by the one name, some by the other.)"""
    variables = {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{url}/me/credentials",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(jwt_file),
    }
    if cognito.endpoint_url:
        region = cognito.identity_pool_id.partition(":")[0]
        variables["AWS_ENDPOINT_URL"] = cognito.endpoint_url
        variables |= dict.fromkeys(("AWS_REGION", "AWS_DEFAULT_REGION"), region)
    return variables
