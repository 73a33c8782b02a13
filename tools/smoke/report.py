"""What a run says: one line for each check, and nothing secret in any of them."""

from collections import Counter
from collections.abc import Callable, Mapping

from botocore.exceptions import ClientError


class FallsShort(Exception):  # noqa: N818, it is no fault of the program
    """The stack does not do what it must; the message holds no secret."""


class Skipped(Exception):  # noqa: N818
    """This can't be checked here; the message says why."""


def same(what: str, found: object, wanted: object) -> None:
    """Two values that may be printed must be the same."""
    if found != wanted:
        raise FallsShort(f"{what} is {found!r}, not {wanted!r}")


class Report(Counter[str]):
    """Counts what comes of each check, and prints it."""

    def make[T](self, checks: Mapping[str, Callable[[T], object]], subject: T) -> None:
        """Make these checks; what each shows is its key. An exception that none of them meant may
        hold a secret, so only its name is told."""
        for sentence, check in checks.items():
            try:
                check(subject)
            except (FallsShort, Skipped) as exc:
                self.line("skipped" if isinstance(exc, Skipped) else "SHORT", f"{sentence}: {exc}")
            except ClientError as exc:
                # The caller's own lack of a permission is no fault of the stack.
                denied = (code := exc.response["Error"]["Code"]).startswith("AccessDenied")
                why = f"{sentence}: {exc.operation_name} ends in {code}"
                self.line("skipped" if denied else "SHORT", why)
            except Exception as exc:  # noqa: BLE001
                self.line("SHORT", f"{sentence}: {type(exc).__name__}")
            else:
                self.line("holds", sentence)

    def line(self, outcome: str, sentence: str) -> None:
        self[outcome] += 1
        print(f"  {outcome:<8}{sentence}", flush=True)

    def total(self) -> int:
        """Print the totals; 1 when anything falls short or nothing holds."""
        print(f"{self['skipped']} skipped")
        print(f"{self['holds']} hold, {self['SHORT']} fall short", flush=True)
        return 1 if self["SHORT"] or not self["holds"] else 0
