"""An issuer of OpenID tokens for the developer authenticated identities of an identity pool."""
