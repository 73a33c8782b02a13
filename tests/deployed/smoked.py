"""`make smoke`, as the owner of the emulated stack runs it."""

import os
import subprocess

from tools.smoke import doors
from tools.smoke.checks import CHECKS, Checks
from tools.smoke.report import Report, same

NAME = "openid-token-issuer"


def _said(stack: str = NAME, **environment: str) -> list[str]:
    """Its lines; an empty variable is left out."""
    given = {name: value for name, value in {**os.environ, **environment}.items() if value}
    command = ["make", "--silent", "smoke", f"STACK={stack}"]
    ended = subprocess.run(command, env=given, check=False, text=True, stdout=-1, stderr=-2)
    return [line for line in ended.stdout.splitlines() if not line.startswith(("make: ", "make["))]


def smoked(report: Report, jwt: str = "") -> None:
    """Take over what it says; all that it may skip are users without an issuer."""
    said = _said(JWT=jwt)
    lines = [line.strip().partition(" ") for line in said]
    outcomes = [line for line in lines if line[0] in {"holds", "SHORT", "skipped"}]
    for outcome, _, sentence in outcomes:
        skips = outcome == "skipped" and (jwt or "no JWT issuer" not in sentence)
        report.line("SHORT" if skips else outcome, sentence.strip())
    checks = {
        "make smoke makes each check": lambda _: same("all", len(outcomes), len(CHECKS)),
        "make smoke shows no token": lambda _: same("one", "eyJ" in str(said), False),
    }
    report.make(checks, None)


def _says(sentence: str, stack: str = NAME, **environment: str) -> None:
    """It has nothing to check, and this one line says so."""
    (line,) = _said(stack, **environment)
    same("the line", line[: len(sentence)], sentence)


WITHOUT_ISSUER: Checks = {
    "No issuer, no /me/token": lambda s: doors.refused(
        doors.send(s.outputs["TokenEndpoint"].replace("/token", "/me/token"), "{}", {}), status=404
    ),
    "No credentials: one line": lambda _: _says("AWS can't be asked", AWS_ACCESS_KEY_ID=""),
    "No such stack: one line": lambda _: _says("There is no stack other in eu-central-1", "other"),
}
