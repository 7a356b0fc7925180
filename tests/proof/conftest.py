"""What proofs need: portals of their own."""

from tests.supervisor.conftest import environment, layout, port, start

__all__ = ["environment", "layout", "port", "start"]
