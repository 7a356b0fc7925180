"""What goes wrong in a way that a person can do something about."""


class SupervisorError(Exception):
    """Something on this machine stands in the way; the message says what and what to do."""
