"""All writes of meetings, decisions, seats in bodies and figureheads."""
