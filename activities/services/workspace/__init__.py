"""All writing in workspaces: one file per kind of thing."""
