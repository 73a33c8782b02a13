#!/bin/sh
# What SAM's makefiles run, from the repository's root: `sam` may live in any Python, this may not;
# nor does what this shell has set for Python decide anything.
is_runtime='import sys, pip; sys.exit(sys.version_info[:2] != (3, 13))'
for python in python3.13 .venv/bin/python python3 python; do
  if "$python" -Ic "$is_runtime" >/dev/null 2>&1; then
    exec "$python" -Es -m tools.packager --architecture "$1" --output "$2"
  fi
done
printf '%s\n' >&2 \
  "Python 3.13 is needed to compile the package's bytecode: the Lambda runtime is python3.13 and loads no other version's." \
  "None of python3.13, .venv/bin/python, python3 and python is a Python 3.13 with pip." \
  "Install one and put it on the PATH, or deploy a release, which is built (docs/deploying.md). On Windows" \
  "and with sam build --use-container the release is the only way: this build needs a shell and the whole checkout."
exit 1
