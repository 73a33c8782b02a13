"""`make run` and `make serve`."""
