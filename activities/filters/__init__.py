"""How lists are narrowed: one file per list."""
