"""What the emulated AWS lacks, and what stands in for it in a copy of the built template."""

import json
import shlex
import shutil
from pathlib import Path
from typing import Any

import boto3
import yaml
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

from tools.environment import interpreter
from tools.runtime_api.process import lay_out

_API = "https://${TokenApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}"


def put(template_file: Path, endpoint: str) -> Path:
    """The copy, beside the template. Prints each stand-in."""
    build = template_file.parent
    template = yaml_parse(template_file.read_text(encoding="utf-8"))
    for name, resource in template["Resources"].items():
        if said := _stand_in(resource, resource.get("Properties", {}), build):
            print(f"  stand-in: {name}, {said}")
    for said in (
        "the API's address, one on loopback",
        "Cognito's calls, the embedded Cognito of this machine",
        "permissions, roles and subnets, which are not consulted: tests/template reads them",
    ):
        print(f"  stand-in: {said}")
    text = json.dumps(template).replace(_API, f"{endpoint}/_aws/execute-api/${{TokenApi}}/$default")
    copy = template_file.with_suffix(".json")
    copy.write_text(text, encoding="utf-8")
    return copy


def _stand_in(resource: dict[str, Any], properties: dict[str, Any], build: Path) -> str | None:
    match resource["Type"]:
        case "AWS::CloudWatch::AnomalyDetector" | "AWS::Logs::QueryDefinition" as unknown:
            resource.update(Type="AWS::CloudFormation::WaitConditionHandle", Properties={})
            return f"{unknown}: an empty resource"
        case "AWS::CloudWatch::Alarm" if metrics := properties.pop("Metrics", None):
            first = next(each["MetricStat"] for each in metrics if "MetricStat" in each)
            properties.pop("ThresholdMetricId", None)
            properties.update(first["Metric"], Period=first["Period"], Statistic=first["Stat"])
            properties.update(ComparisonOperator="GreaterThanThreshold", Threshold=1)
            return "metric math: an alarm on its first metric"
        case "AWS::Serverless::StateMachine":
            definition = build / properties["DefinitionUri"]
            copy = definition.name.replace(".yaml", ".json")
            workflow = yaml.safe_load(definition.read_text(encoding="utf-8"))
            (build / copy).write_text(json.dumps(workflow), encoding="utf-8")
            properties["DefinitionUri"] = copy
            return "a definition in YAML: the same in JSON"
        case "AWS::IAM::Role" if "PermissionsBoundary" in properties:
            properties["Description"] = properties["PermissionsBoundary"]
            return "a permissions boundary, which is dropped: told in the role's description"
        case "AWS::ApiGatewayV2::Authorizer" if properties["AuthorizerType"] == "REQUEST":
            properties["IdentitySource"] = []
            return (
                "no identity source: an empty list, since its default is the Authorization header"
            )
        case "AWS::Serverless::Function":
            client = build / "runtime"
            if not client.is_dir():
                lay_out(client)
            code = build / properties["CodeUri"]
            if code.suffix == ".zip":
                properties["CodeUri"] = code.stem
                shutil.unpack_archive(code, code.with_suffix(""))
            bootstrap = build / properties["CodeUri"] / "bootstrap"
            python = shlex.quote(interpreter())
            found = [client]
            if not (bootstrap.parent / "botocore").is_dir():
                # Lambda's runtime has boto3, for functions that bring none.
                found.append(Path(boto3.__file__).parents[1])
            path = f"export PYTHONPATH={shlex.quote(':'.join(map(str, found)))}"
            run = f'exec {python} -BsS -m awslambdaric "$_HANDLER"'
            bootstrap.write_text(f"#!/bin/sh\n{path}\n{run}\n")
            bootstrap.chmod(0o755)
            properties["Runtime"] = "provided.al2023"
            return "python3.13: AWS's runtime client for it, on provided.al2023"
    return None
