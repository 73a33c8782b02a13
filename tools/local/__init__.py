"""Runs the function on this machine: embedded Cognito, worker processes, HTTP."""
