"""The register of signals, the record of one, and what each side does with it."""
