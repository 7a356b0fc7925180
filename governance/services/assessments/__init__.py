"""All writes of assessments."""
