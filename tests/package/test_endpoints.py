"""Fewer endpoints in the file, the same endpoint for every region."""

import json
from pathlib import Path

import botocore.session

from tests.package.conftest import run_alone

UNKNOWN = ["eu-west-9", "us-gov-south-1", "cn-east-1", "mars-north-1"]

# Run with the package's own botocore and with this machine's, which has all the data.
PROBE = """
import itertools, json, sys
import botocore.session
from botocore.config import Config
session = botocore.session.get_session()
for region, *flags in itertools.product(json.load(sys.stdin), (False, True), (False, True)):
    config = Config(**dict(zip(("use_dualstack_endpoint", "use_fips_endpoint"), flags)))
    try:
        client = session.create_client("cognito-identity", region, config=config)
        print(region, client.meta.endpoint_url)
    except Exception as error:
        print(region, repr(error))
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
