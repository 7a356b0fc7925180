"""Forms of programmes: short ones, filled in with what the portal knows."""
