"""Mails and reminders of programmes: each to whom it concerns, each once."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from activities.models import Milestone, ProgrammePartner, ProgrammeReflection
from activities.models.programme_partner import Answer
from activities.registrations import programmes as registrations
from activities.services.programmes import covenant, partners, reflections
from activities.services.programmes.reminders import remind
from governance.models.membership import Function
from nss_portal.core.models import OutgoingMail
from nss_portal.core.time import today
from tests.access.cast import Cast, join, make_organisation, make_user
from tests.activities.programmes import make_partner, make_programme, programme_in

pytestmark = pytest.mark.django_db


def mails(user: object) -> list[str]:
    """Give the subjects of the mails to somebody, and forget them."""
    found = OutgoingMail.objects.filter(recipient=user.email).order_by("pk")
    return [mail.subject for mail in found]


def remind_twice(day: date) -> None:
    for _time in range(2):
        remind(day=day, guard=lambda: None)


def test_who_is_asked_hears_it_and_again_and_who_leads_hears_the_answer() -> None:
    cast = Cast()
    lead, partner = cast.person("team", leads=True), cast.person("partner", leads=True)
    programme = make_programme(lead.own, title="Warmte")
    (part,) = partners.ask_partners(actor=lead.user, programme=programme, organisations=[partner.own])
    remind_twice(today() + timedelta(days=13))
    (asked,) = mails(partner.user)
    assert asked == f"Doet {partner.own} mee? Warmte"
    remind_twice(today() + timedelta(days=15))
    assert len(mails(partner.user)) == 2
    partners.answer(actor=partner.user, partner=part, answer=Answer.NO, why="Geen tijd dit jaar")
    assert mails(lead.user) == [f"{partner.own} doet niet mee: Warmte"]
    assert "Geen tijd dit jaar" in OutgoingMail.objects.get(recipient=lead.user.email).text
    partners.answer(actor=lead.user, partner=part, answer=Answer.YES, why="Toch wel", hours=10)
    assert len(mails(lead.user)) == 1, "who said it oneself is not told"
    remind_twice(today() + timedelta(days=16))
    assert len(mails(partner.user)) == 2


def test_a_signing_round_is_for_those_who_sign_and_have_not() -> None:
    cast = Cast()
    lead = cast.person("team", leads=True)
    programme = programme_in("execution", lead.own)
    late = make_organisation()
    signatory, clerk = make_user(), make_user()
    join(signatory, late, Function.SIGNATORY)
    join(clerk, late, Function.STAFF, is_lead=True)
    part = make_partner(programme, late)
    held_on = today() + timedelta(days=20)
    covenant.open_round(actor=lead.user, programme=programme, held_on=held_on)
    assert len(mails(signatory)) == 1
    assert mails(clerk) == []
    remind_twice(held_on - timedelta(days=6))
    assert len(mails(signatory)) == 2
    covenant.sign(actor=signatory, partner=part, digest=programme.covenant.digest)
    assert mails(lead.user) == [f"{late} doet mee: {programme.title}"]
    remind_twice(held_on - timedelta(days=1))
    assert len(mails(signatory)) == 2
    partners.leave(actor=clerk, partner=part, reason="Bezuiniging")
    assert mails(lead.user)[-1] == f"{late} vertrekt: {programme.title}"
    assert mails(clerk) == []


def test_reflections_and_milestones_are_mentioned_before_their_day_and_once_after_it() -> None:
    cast = Cast()
    lead, owner = cast.person("team", leads=True), cast.person("partner", leads=True)
    programme = programme_in("execution", lead.own)
    make_partner(programme, owner.own)
    Milestone.objects.all().delete()
    day = date(2026, 7, 2)
    reflections.open_reflections(day=day, guard=lambda: None)
    (reflection,) = ProgrammeReflection.objects.all()
    remind_twice(reflection.due_on - timedelta(days=5))
    assert len(mails(lead.user)) == 2
    planned = date(2026, 10, 1)
    milestone = Milestone.objects.create(
        programme=programme, title="Eerste straat", planned_on=planned, owner=owner.own
    )
    for ahead in (20, 10, 3, -2, -9):
        remind_twice(planned - timedelta(days=ahead))
    first, second = mails(owner.user)
    assert first.startswith("Een mijlpaal nadert, 1 oktober 2026")
    assert second.startswith("Een mijlpaal is voorbij, 1 oktober 2026")
    milestone.planned_on = date(2026, 12, 1)
    milestone.save()
    remind_twice(date(2026, 11, 25))
    assert len(mails(owner.user)) == 3, "the new day is mentioned too"
    assert len(mails(lead.user)) == 2


def test_news_tells_partners_who_came_and_went() -> None:
    cast = Cast()
    lead, other, outsider = cast.person("team"), cast.person("partner"), cast.person("ministry")
    programme = make_programme(lead.own, title="Warmte")
    part = make_partner(programme, other.own, answered_on=today())
    since = timezone.now() - timedelta(hours=1)
    (news,) = registrations.partners_who_come_and_go(lead.user, since)
    assert (news.subject, str(news.text)) == (other.own.name, "doet mee aan 'Warmte'")
    ProgrammePartner.objects.filter(pk=part.pk).update(left_on=today(), left_reason="Geen tijd")
    (news,) = registrations.partners_who_come_and_go(lead.user, since)
    assert str(news.text) == "vertrok uit 'Warmte'"
    for user in (outsider.user, other.user, None):
        assert list(registrations.partners_who_come_and_go(user, since)) == []
