"""What a service of this app raises besides NotAllowed and TransitionRefused."""

from django.db.models import Model


class Overtaken(Exception):
    """A colleague saved the record after this form was opened; `current` is how it stands now."""

    def __init__(self, current: Model) -> None:
        super().__init__(str(current))
        self.current = current


class Refused(Exception):
    """What is asked cannot be done now; the text is for people."""
