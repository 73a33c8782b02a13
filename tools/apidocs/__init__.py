"""Writes the API's description, OpenAPI 3.1, from the code that it describes."""
