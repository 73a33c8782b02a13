"""Fewer endpoints in the file, the same endpoint for every region."""

import json
from pathlib import Path

import botocore.session

from tests.package.conftest import run_alone

UNKNOWN = ["eu-west-9", "us-gov-south-1", "cn-east-1", "mars-north-1"]

# Run with the package's own botocore and with this machine's, which has all the data. A client
# asks the rules of Cognito Identity; its resolver of before them answers for each variant.
PROBE = """
import itertools, json, sys
import botocore.session
session = botocore.session.get_session()
resolver = session.get_component("endpoint_resolver")
keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}

def resolved(region, dualstack, fips):
    try:
        return resolver.construct_endpoint(
            "cognito-identity", region, use_dualstack_endpoint=dualstack, use_fips_endpoint=fips
        )
    except Exception as error:
        return repr(error)

for region in json.load(sys.stdin):
    print(region, session.create_client("cognito-identity", region, **keys).meta.endpoint_url)
    print([resolved(region, *flags) for flags in itertools.product((False, True), repeat=2)])
"""


def test_each_region_and_variant_resolves_as_before(built_package: Path) -> None:
    assert (built_package / "botocore/data/endpoints.json").stat().st_size < 100_000
    partitions = botocore.session.get_session().get_data("endpoints")["partitions"]
    regions = [*(region for each in partitions for region in each["regions"]), *UNKNOWN]
    whole = Path(botocore.session.__file__).parents[1]
    pruned, before = (
        run_alone(botocores, PROBE, given=json.dumps(regions))
        for botocores in (built_package, whole)
    )
    assert "\neu-central-1 https://cognito-identity.eu-central-1.amazonaws.com\n" in pruned
    assert pruned == before
