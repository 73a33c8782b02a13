"""Fewer endpoints in the file, the same endpoint for every region."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import EndpointVariantError, NoRegionError, UnknownRegionError
from botocore.regions import EndpointResolver

from tests.package.conftest import run_alone
from tools.packager.pruning import SERVICES

UNKNOWN = ["eu-west-9", "us-gov-south-1", "cn-east-1", "mars-north-1"]

# Run with the package's own botocore and with this machine's, which has all the data.
PROBE = """
import json, sys
import botocore.session
session = botocore.session.get_session()
keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
print(json.dumps({
    region: session.create_client("cognito-identity", region, **keys).meta.endpoint_url
    for region in sys.argv[1:]
}))
"""


def all_endpoints() -> Any:
    return botocore.session.get_session().get_data("endpoints")


def all_regions() -> list[str]:
    return [*(r for partition in all_endpoints()["partitions"] for r in partition["regions"])]


def resolved(resolver: EndpointResolver, *arguments: Any) -> object:
    service, region, dualstack, fips = arguments
    try:
        return resolver.construct_endpoint(
            service, region, use_dualstack_endpoint=dualstack, use_fips_endpoint=fips
        )
    except (EndpointVariantError, NoRegionError, UnknownRegionError) as error:
        return str(error)


@pytest.mark.parametrize("service", SERVICES)
def test_each_region_and_variant_resolves_as_before(package: Path, service: str) -> None:
    text = (package / "botocore/data/endpoints.json").read_text(encoding="utf-8")
    pruned, whole = EndpointResolver(json.loads(text)), EndpointResolver(all_endpoints())
    assert len(text) < 100_000
    assert pruned.get_available_partitions() == whole.get_available_partitions()
    for partition in whole.get_available_partitions():
        assert pruned.get_available_endpoints(
            service, partition, allow_non_regional=True
        ) == whole.get_available_endpoints(service, partition, allow_non_regional=True)
    flags = (False, True)
    for case in product([service], [*all_regions(), *UNKNOWN, None], flags, flags):
        assert resolved(pruned, *case) == resolved(whole, *case), case


def test_a_client_of_each_region_calls_the_same_url(host_package: Path) -> None:
    regions = [*all_regions(), *UNKNOWN]
    whole = Path(botocore.session.__file__).parents[1]
    assert run_alone(host_package, PROBE, *regions) == run_alone(whole, PROBE, *regions)
