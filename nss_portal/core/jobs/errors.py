"""What can go wrong with a job, as seen by a handler and by whoever runs it."""


class LeaseLost(Exception):
    """The worker was not heard from in time and another may have taken the job: stop, write nothing."""


class GiveUp(Exception):
    """A handler says that trying again is of no use; the text is for people and holds no secrets."""


class TryLater(Exception):
    """A handler says that this did not work now but may later; the text is for people and holds no secrets."""
