"""Which function carries out which kind of job."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.module_loading import autodiscover_modules

from nss_portal.core.jobs.errors import TryLater

if TYPE_CHECKING:
    from nss_portal.core.jobs.running import RunningJob
    from nss_portal.core.models import Job

Work = Callable[["RunningJob"], dict[str, object] | None]

# Seconds to wait before the second, third, … try.
RETRIES: tuple[int, ...] = (10, 60, 300, 900)
DEFAULT_QUEUE = "work"


@dataclass(frozen=True)
class Handler:
    """A kind of job: its function, how it is tried again, and what to do when it is given up."""

    kind: str
    work: Work
    retries: Sequence[int] = RETRIES
    queue: str = DEFAULT_QUEUE
    on_failed: "Callable[[Job], None] | None" = None
    listed: bool = True

    @property
    def max_attempts(self) -> int:
        """Number of tries before the job counts as failed."""
        return len(self.retries) + 1

    def delay(self, attempts: int) -> int:
        """Give the seconds to wait after so many tries (at least one)."""
        return self.retries[min(attempts, len(self.retries)) - 1] if self.retries else 0


_handlers: dict[str, Handler] = {}


def handler(
    kind: str,
    *,
    retries: Sequence[int] = RETRIES,
    queue: str = DEFAULT_QUEUE,
    on_failed: "Callable[[Job], None] | None" = None,
    listed: bool = True,
) -> Callable[[Work], Work]:
    """Register the function below as the work of one kind of job, 'app.kind'; it lives in the app's `tasks.py`.

    The function may be started again at any point of an earlier try, and then goes on where that stopped: it
    looks at what is there before it writes, and calls `job.checkpoint()` first in each of its transactions.
    `retries` are the seconds before the next tries; `on_failed` is called, in a transaction, when the job is
    given up; `listed` is False for what has a page of its own beside that of the jobs (mail). Raises
    ValueError for a kind that another function has.
    """

    def register(work: Work) -> Work:
        known = _handlers.get(kind)
        if known is not None and (known.work.__module__, known.work.__qualname__) != (
            work.__module__,
            work.__qualname__,
        ):
            raise ValueError(f"two handlers for {kind!r}")
        _handlers[kind] = Handler(kind, work, tuple(retries), queue, on_failed, listed)
        return work

    return register


def handler_for(kind: str) -> Handler:
    """Give the handler of a kind, reading the apps' `tasks.py` if need be; LookupError when there is none."""
    if kind not in _handlers:
        autodiscover_modules("tasks")
    try:
        return _handlers[kind]
    except KeyError:
        raise LookupError(f"no handler is registered for jobs of kind {kind!r}") from None


def _nobody(job: "RunningJob") -> None:
    raise TryLater("This version of the portal does not know this kind of task.")


def handler_or_stand_in(kind: str) -> Handler:
    """Give the handler of a kind, or one that says there is none: a newer or older worker may know the kind."""
    try:
        return handler_for(kind)
    except LookupError:
        return Handler(kind, _nobody)


def unlisted_kinds() -> list[str]:
    """Give the kinds that have a page of their own and are left out of the list of jobs."""
    autodiscover_modules("tasks")
    return sorted(kind for kind, known in _handlers.items() if not known.listed)
