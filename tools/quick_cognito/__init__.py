"""A Cognito to measure against: quick, over TLS, and as far away as it is told to be. Its answers
are derived from the request alone, so that one can be told from another request's."""
