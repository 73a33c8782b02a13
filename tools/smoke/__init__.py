"""`make smoke STACK=name`: what a deployed stack does, by the caller's own credentials."""
