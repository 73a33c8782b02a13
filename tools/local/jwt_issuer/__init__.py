"""The embedded OIDC issuer of users' JWTs, in place of the deployment's identity provider."""
