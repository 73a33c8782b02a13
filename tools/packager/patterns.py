"""Prints the regular expressions that are compiled when the function's dependencies are imported,
with the engine's code for each. `openid_token.patterns` hands them to `re`.

Nothing of our own is imported, since that needs a wheel that is for Linux; and no client is made,
since that asks for this host's name and settings.
"""

import _sre  # type: ignore[import-not-found]
import importlib
import json
import sys

_compile, _noted = _sre.compile, dict[tuple[str, int], tuple[object, ...]]()


def _note(pattern: object, *compiled: object) -> object:
    # The flags that `re` was asked for, and looks for: the engine has those in the pattern too.
    asked = sys._getframe(1).f_locals["flags"]
    if isinstance(pattern, str):
        _noted[pattern, asked] = pattern, asked, *compiled
    return _compile(pattern, *compiled)


_sre.compile = _note
sys.path.insert(0, sys.argv[1])
for _name in ("aws_lambda_powertools.metrics", "botocore.session", "difflib", "encodings.idna"):
    importlib.import_module(_name)
print(json.dumps([_sre.MAGIC, [_noted[key] for key in sorted(_noted)]], separators=(",", ":")))
