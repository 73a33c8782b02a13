"""The Lambda runtime: AWS's runtime client under AWS's emulator, or the handler in-process."""
