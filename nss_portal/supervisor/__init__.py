"""Runs the portal on one machine: PostgreSQL, Redis, web, worker and clock under one parent."""
