"""Writing the agenda of a period: its drafts and lines, the vote, and what is decided."""
