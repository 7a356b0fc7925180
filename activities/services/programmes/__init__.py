"""Write programmes: one file per part of their life."""
