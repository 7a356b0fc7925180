"""Tables to take along: one file per part of the site."""
