"""Joint pilots and twinning: all that is written."""
