"""People ask for a copy of what the portal has about them, or to be forgotten (AVG, articles 15, 17 and 20)."""
