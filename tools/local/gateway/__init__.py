"""The API in front of the function, as API Gateway's HTTP API behaves."""
