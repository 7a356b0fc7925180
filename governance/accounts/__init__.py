"""Logging in: what django-allauth asks of us, and the second factor."""
