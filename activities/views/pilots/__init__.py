"""Pages of pilots and twinnings."""
