"""Runs the portal on one machine: PostgreSQL, Redis, web, worker and clock.

`layout` says where things lie, `servers` knows PostgreSQL and Redis, `keeper` keeps one of them running as long
as somebody uses it, `leases` is how one uses it, `portal` is what `make run` starts. Nothing here imports
Django's apps.
"""
