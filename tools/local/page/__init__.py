"""The page of `make serve`, to try the API in a browser."""
