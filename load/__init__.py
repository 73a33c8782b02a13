"""Load on this machine: several environments at once behind the bridge, and a check of every
answer. `python -m load` is the command."""
