"""How records are put into words and figures for pages: one file per part of the site."""
