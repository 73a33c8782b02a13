"""The embedded Cognito, in place of AWS's."""
