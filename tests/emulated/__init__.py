"""The checks of a deployed stack, on an emulated AWS."""
