"""Runs the function on this machine: embedded Cognito, real Lambda runtime client, HTTP."""
