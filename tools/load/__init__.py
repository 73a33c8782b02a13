"""Load on this machine: several environments at once behind the bridge, and a check of every
answer. `python -m tools.load` is the command."""
