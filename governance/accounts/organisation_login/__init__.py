"""Logging in through the organisation's own OpenID Connect, on top of django-allauth's provider."""
