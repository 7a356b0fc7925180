"""Contributions: pledged, confirmed once a year, corrected; asked for by the clock."""
