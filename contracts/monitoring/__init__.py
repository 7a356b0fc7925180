"""Monitoring: what cities emit by each source, why sources differ, and how cities stand beside each other."""
