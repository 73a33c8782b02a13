"""Fewer endpoints in the file, the same endpoint for every region."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import product
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from botocore.exceptions import EndpointVariantError, NoRegionError, UnknownRegionError
from botocore.regions import EndpointResolver

from tools.packager.pruning import SERVICES

if TYPE_CHECKING:
    from pathlib import Path

UNKNOWN = ["eu-west-9", "us-gov-south-1", "cn-east-1", "mars-north-1"]

# Run by the package's own botocore and by this machine's, which has all the data.
PROBE = """
import json, sys
import botocore.session
session = botocore.session.get_session()
print(json.dumps({
    f"{service} {region}": session.create_client(
        service, region_name=region, aws_access_key_id="a", aws_secret_access_key="b",
    ).meta.endpoint_url
    for service in ("cognito-identity", "xray") for region in sys.argv[1:]
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
    bare = {"PATH": os.environ["PATH"]}
    ours = [sys.executable, "-S", "-P", "-c", PROBE, *regions]
    pruned = subprocess.check_output(ours, env={**bare, "PYTHONPATH": str(host_package)})
    whole = subprocess.check_output([sys.executable, "-P", "-c", PROBE, *regions], env=bare)
    assert json.loads(pruned) == json.loads(whole)
