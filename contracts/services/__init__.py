"""All writes of the contracts app."""
