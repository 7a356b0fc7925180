"""Who may do what with the records of the cities: one file per part of the matrix, read when the app starts."""

from cities.rules import bottleneck, eoi, merger, municipality, proposition, roadmap, signal

__all__ = ["bottleneck", "eoi", "merger", "municipality", "proposition", "roadmap", "signal"]
