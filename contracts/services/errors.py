"""What a service of this app raises besides NotAllowed, TransitionRefused and EditConflict."""


class Refused(Exception):
    """What is asked cannot be done now; the text is for people."""
