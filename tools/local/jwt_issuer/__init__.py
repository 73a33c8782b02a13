"""The local JWT issuer, in place of the deployment's identity provider."""
