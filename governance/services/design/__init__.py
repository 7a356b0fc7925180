"""Writes about the design of the structure: positions, variants, what was asked, money and desks."""
