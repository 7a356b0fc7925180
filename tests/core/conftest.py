"""What the tests of jobs and mail share."""

from collections.abc import Callable, Iterator

import pytest
from django.utils.module_loading import autodiscover_modules

from nss_portal.core import jobs
from nss_portal.core.jobs import handlers
from nss_portal.core.jobs.handlers import Work
from nss_portal.core.models import Job


@pytest.fixture
def handler() -> Iterator[Callable[..., Callable[[Work], Work]]]:
    """`@handler("test.kind")` registers work for one test."""
    autodiscover_modules("tasks")  # a module registers its handlers once, at its first import
    before = dict(handlers._handlers)
    yield jobs.handler
    handlers._handlers.clear()
    handlers._handlers.update(before)


@pytest.fixture
def fresh() -> Callable[[Job], Job]:
    """Read a job again."""
    return lambda job: Job.objects.get(pk=job.pk)
