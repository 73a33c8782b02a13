"""The runtime that Lambda would provide: an interpreter, the runtime client, and nothing else.

A built package must stand alone. So the function's process gets the interpreter that the virtual
environment was made from, without any site-packages, and one directory that holds awslambdaric and
what that imports.
"""

import compileall
import importlib.util
from pathlib import Path
from typing import Final

from tools.environment import StartError

_CLIENT_MODULES: Final = ("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py")


def lay_out(directory: Path, *own: Path) -> None:
    """Fill `directory` with the runtime client, and with copies of the modules `own`.

    Lambda's own runtime client is compiled, so this one's bytecode is made here as well:
    else compiling it would count as the function's cold start.

    Raises:
        StartError: the runtime client can't run on this machine.
    """
    for name in _CLIENT_MODULES:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            raise StartError(f"the runtime client's module {name} is not here: it is for Linux")
        origin = Path(spec.origin)
        source = origin.parent if origin.name == "__init__.py" else origin
        (directory / source.name).symlink_to(source)
        if source.is_dir():
            compileall.compile_dir(source, quiet=2, maxlevels=0)
    for module in own:
        (directory / module.name).write_text(module.read_text())
    compileall.compile_dir(directory, quiet=2, maxlevels=0)
