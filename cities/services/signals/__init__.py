"""Write signals: drafts, co-signing, sending, answering, what is done after, reminders."""
