"""Versions of the standard approach: who takes which step, and that nothing changes in what is decided."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from contracts.models import StandardVersion
from contracts.services.errors import Refused
from contracts.services.standard import versions as services
from nss_portal.core.access import NotAllowed
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast
from tests.contracts.make_standard import make_measure, make_standard_version

pytestmark = pytest.mark.django_db


def test_from_the_next_version_to_in_force() -> None:
    cast = Cast()
    coordinator, steering = cast.person("coordinator").user, cast.person("steering").user
    first = make_standard_version()
    second = services.start_version(actor=coordinator)
    assert second.number == 2
    assert [s.code for s in second.sections.all()] == ["opgave", "geld"]
    assert second.measures.get().effect == first.measures.get().effect
    with pytest.raises(Refused):
        services.start_version(actor=coordinator)
    services.propose(version=second, actor=coordinator, react_by=today() + timedelta(days=30))
    with pytest.raises(NotAllowed):
        services.decide(version=second, actor=coordinator, revision=0)
    services.decide(version=second, actor=steering, revision=0)
    with pytest.raises(NotAllowed):
        services.publish(version=second, actor=steering)
    services.publish(version=second, actor=coordinator)
    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "published")
    assert StandardVersion.objects.visible_to(None).count() == 2


def test_whoever_proposed_does_not_decide_and_the_text_that_was_read_counts() -> None:
    cast = Cast()
    coordinator, steering = cast.person("coordinator").user, cast.person("steering").user
    version = make_standard_version("draft")
    services.propose(version=version, actor=coordinator)
    StandardVersion.objects.filter(pk=version.pk).update(proposed_by=steering)
    with pytest.raises(NotAllowed):
        services.decide(version=version, actor=steering, revision=0)
    StandardVersion.objects.filter(pk=version.pk).update(proposed_by=coordinator, revision=3)
    with pytest.raises(Refused):
        services.decide(version=version, actor=steering, revision=0)
    version.refresh_from_db()
    assert (version.state, version.decided_on) == ("proposed", None)
    with pytest.raises(TransitionRefused):
        services.send_back(version=version, actor=steering, reason="")
    services.send_back(version=version, actor=steering, reason="Nog eens langs de steden")
    assert version.state == "draft"


@pytest.mark.parametrize("role", ["team", "publisher", "steering"])
def test_others_start_and_propose_nothing(role: str) -> None:
    person = Cast().person(role)
    make_standard_version()
    with pytest.raises(NotAllowed):
        services.start_version(actor=person.user)
    draft = make_standard_version("draft", 2)
    with pytest.raises(NotAllowed):
        services.propose(version=draft, actor=person.user)


def test_a_day_gone_by_is_refused() -> None:
    coordinator = Cast().person("coordinator").user
    with pytest.raises(Refused):
        services.propose(
            version=make_standard_version("draft"), actor=coordinator, react_by=today() - timedelta(days=1)
        )


ATTEMPTS: dict[str, Callable[[StandardVersion], object]] = {
    "change a section": lambda v: v.sections.update(guidance_nl="Anders"),
    "take out a section": lambda v: v.sections.all()._raw_delete("default"),
    "add a measure": lambda v: make_measure(v, "nieuw"),
    "change a measure": lambda v: v.measures.update(effect=99),
    "take out a promise": lambda v: v.promises.all().delete(),
    "change its introduction": lambda v: StandardVersion.objects.filter(pk=v.pk).update(intro_nl="Anders"),
    "make it a draft again": lambda v: StandardVersion.objects.filter(pk=v.pk).update(state="draft"),
    "throw it away": lambda v: v.delete(),
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_the_database_refuses_to_change_what_is_decided(attempt: Callable[[StandardVersion], object]) -> None:
    version = make_standard_version("decided")
    with pytest.raises(IntegrityError, match="decided and does not change"), transaction.atomic():
        attempt(version)
