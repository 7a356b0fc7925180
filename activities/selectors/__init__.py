"""What pages read across models: one file per part of the site."""
