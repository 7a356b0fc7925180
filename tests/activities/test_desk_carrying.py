"""What of the desk goes along: with a municipality that merges, and with a colleague who leaves."""

from datetime import date

import pytest

from activities.models import ApplicationParty, CallInterest, DeskInvite, DeskMessage, JointApplication
from activities.registrations import desk, desk_calls, desk_questions
from activities.registrations.desk_questions import questions_of
from governance.models import Organisation
from nss_portal.core import carrying
from nss_portal.core.carrying import Handover
from nss_portal.core.time import today
from tests.access.cast import Cast, join, make_city, make_user
from tests.activities.desk import invite, make_entry, make_question

pytestmark = pytest.mark.django_db


def merge(old: Organisation, new: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Carry over what the desk says that goes along, and nothing else."""
    parts = (desk, desk_calls, desk_questions)
    monkeypatch.setattr(carrying, "all_carried", lambda: [one for part in parts for one in part.carried()])
    handover = Handover(old, new, date(2027, 1, 1), None)
    list(carrying.carry_over({Organisation: handover}))


def test_questions_interest_and_applications_go_to_the_successor(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = make_city(), make_city()
    question, asked, both = make_question(old), make_question(), make_question()
    invite(asked, old), invite(both, old), invite(both, new)
    said = DeskMessage.objects.create(question=question, kind="reply", organisation=old, text="Wij")
    entry = make_entry()
    CallInterest.objects.create(entry=entry, organisation=old, since=today())
    led = JointApplication.objects.create(entry=entry, organisation=old, title="Samen")
    own = JointApplication.objects.create(entry=entry, organisation=new, title="Van de opvolger")
    stays = ApplicationParty.objects.create(application=own, organisation=old, since=today())
    merge(old, new, monkeypatch)
    for record in (question, led, CallInterest.objects.get(), DeskInvite.objects.get(question=asked)):
        record.refresh_from_db()
        assert record.organisation == new
    for record in (said, stays):
        record.refresh_from_db()
        assert record.organisation == old
    assert DeskInvite.objects.filter(question=both).count() == 2


def test_who_leaves_hands_questions_over() -> None:
    person = Cast().person("team")
    colleague = make_user()
    join(colleague, person.own)
    asked = make_question(person.own, asked_by=person.user)
    handled = make_question(holder=person.own, handler=person.user)
    held = list(questions_of(person.user, person.own))
    assert [one.titles for one in held] == [[handled.title], [asked.title]]
    for one in held:
        one.move(colleague, person.user)
    asked.refresh_from_db(), handled.refresh_from_db()
    assert (asked.asked_by, handled.handler) == (colleague, colleague)
