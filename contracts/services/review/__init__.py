"""All writes of the annual review."""
