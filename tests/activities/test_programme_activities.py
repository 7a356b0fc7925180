"""Activities of others in a programme: asked, agreed or refused by who runs them; a review and its assessment."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from activities.models import ActivityRequest, MidtermReview, Programme
from activities.registrations.activity_requests import asked_of_organisers
from activities.services.programmes import reviews
from activities.services.programmes.activities import answer_request, attach_activity, withdraw_request
from governance.models import Assessment
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import OutgoingMail
from nss_portal.core.models.audit import AuditEvent
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person
from tests.activities.matrix_activity import make_activity
from tests.activities.programmes import make_programme, programme_in
from tests.governance.making_assessments import answered, make_assessment

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def lead(cast: Cast) -> Person:
    return cast.person("team", leads=True)


@pytest.fixture
def runner(cast: Cast) -> Person:
    return cast.person("team", leads=True)


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def ask(lead: Person, runner: Person, **fields: object) -> ActivityRequest:
    programme = make_programme(lead.own, **fields)
    activity = make_activity(runner.own, audience="cop")
    asked = attach_activity(actor=lead.user, programme=programme, activity=activity, note="Zelfde warmtenet")
    assert asked is not None
    return asked


def mails_to(person: Person) -> list[str]:
    return list(OutgoingMail.objects.filter(recipient=person.user.email).values_list("subject", flat=True))


def test_who_runs_an_activity_is_asked_and_agrees(lead: Person, runner: Person) -> None:
    asked = ask(lead, runner)
    assert asked.activity.programme is None
    with pytest.raises(ValidationError, match="al gevraagd"):
        attach_activity(actor=lead.user, programme=asked.programme, activity=asked.activity)
    (item,) = asked_of_organisers(runner.user)
    assert (item.detail, item.minutes) == (asked.programme.title, 2)
    assert not list(asked_of_organisers(lead.user))
    assert len(mails_to(runner)) == 1
    with pytest.raises(NotAllowed):
        answer_request(actor=lead.user, asked=asked, agrees=True)
    answer_request(actor=runner.user, asked=asked, agrees=True)
    asked.refresh_from_db()
    asked.activity.refresh_from_db()
    assert (asked.state, asked.activity.programme) == ("agreed", asked.programme)
    assert not list(asked_of_organisers(runner.user))
    assert len(mails_to(lead)) == 1
    with pytest.raises(TransitionRefused):
        answer_request(actor=runner.user, asked=asked, agrees=False, why="Toch niet")
    assert AuditEvent.objects.filter(object_id=str(asked.activity.pk), changes__has_key="programme").exists()


def test_a_no_needs_a_reason_and_may_be_asked_again(lead: Person, runner: Person) -> None:
    asked = ask(lead, runner)
    with pytest.raises(ValidationError):
        answer_request(actor=runner.user, asked=asked, agrees=False, why=" ")
    answer_request(actor=runner.user, asked=asked, agrees=False, why="Vol programma")
    page = browser(lead).get(asked.programme.get_absolute_url()).content.decode()
    assert "Vol programma" in page
    # What a programme asked for is no news for others.
    assert "Vol programma" not in browser(runner).get(asked.programme.get_absolute_url()).content.decode()
    again = attach_activity(actor=lead.user, programme=asked.programme, activity=asked.activity)
    assert again is not None
    withdraw_request(actor=lead.user, asked=again)
    assert not list(asked_of_organisers(runner.user))
    with pytest.raises(NotAllowed):
        withdraw_request(actor=runner.user, asked=asked)


def test_an_activity_goes_to_the_first_programme_and_the_other_is_told(lead: Person, runner: Person) -> None:
    asked = ask(lead, runner)
    other = runner.cast.person("team", leads=True)
    theirs = attach_activity(actor=other.user, programme=make_programme(other.own), activity=asked.activity)
    assert theirs is not None
    answer_request(actor=runner.user, asked=theirs, agrees=True)
    asked.refresh_from_db()
    assert (asked.state, bool(asked.why)) == ("refused", True)
    assert len(mails_to(lead)) == 1


def test_what_one_runs_oneself_is_part_of_it_at_once(lead: Person) -> None:
    programme, activity = make_programme(lead.own), make_activity(lead.own)
    assert attach_activity(actor=lead.user, programme=programme, activity=activity) is None
    activity.refresh_from_db()
    assert activity.programme == programme
    assert attach_activity(actor=lead.user, programme=programme, activity=activity) is None
    with pytest.raises(ValidationError, match="ander programma"):
        attach_activity(actor=lead.user, programme=make_programme(lead.own), activity=activity)
    hidden = make_activity(lead.cast.other, "draft")
    with pytest.raises(ValidationError, match="mag zien"):
        attach_activity(actor=lead.user, programme=programme, activity=hidden)
    assert not ActivityRequest.objects.exists()


def test_asking_and_answering_in_the_pages(lead: Person, runner: Person) -> None:
    programme = programme_in("execution", lead.own, sharing="draft")
    activity = make_activity(runner.own, audience="cop")
    leading, running = browser(lead), browser(runner)
    page = f"/programmas/{programme.public_id}/activiteit/"
    assert leading.post(page, {"activity": activity.public_id, "note": "Past hier"}).status_code == 302
    assert "gevraagd aan" in leading.get(programme.get_absolute_url()).content.decode()
    asked = ActivityRequest.objects.get()
    address = f"/agenda/{activity.public_id}/programma/{asked.pk}/"
    assert address in running.get(activity.get_absolute_url()).content.decode()
    assert address not in leading.get(activity.get_absolute_url()).content.decode()
    assert leading.get(address).status_code == 403
    text = running.get(address).content.decode()
    assert "Past hier" in text
    # A draft of another is named, and leads nowhere.
    assert programme.get_absolute_url() not in text
    refused = running.post(address, {"agrees": "no", "why": ""})
    assert refused.status_code == 422
    assert "Geef een reden" in refused.content.decode()
    assert running.post(address, {"agrees": "yes"}).status_code == 302
    assert activity.title in leading.get(programme.get_absolute_url()).content.decode()
    assert running.get(address)["Location"] == activity.get_absolute_url()


@pytest.fixture
def assessed(lead: Person) -> tuple[Programme, Assessment]:
    programme = programme_in("execution", lead.own)
    about = {"subject_kind": "programme", "subject_key": programme.public_id, "subject_label": programme.title}
    return programme, answered(lead.own, [2, 3, 3, 4, 5], **about, sharing="published")


def test_a_midterm_review_begins_from_an_assessment(lead: Person, assessed: tuple[Programme, Assessment]) -> None:
    programme, assessment = assessed
    client = browser(lead)
    page = f"/programmas/{programme.public_id}/midterm/nieuw/"
    text = client.get(page).content.decode()
    assert "Gemiddelde van alle antwoorden: 3,4." in text
    assert f'value="{assessment.public_id}" selected' in text
    sent = {"held_on": today().isoformat(), "based_on": assessment.public_id, "assessment": "Eens"}
    assert client.post(page, sent).status_code == 302
    review = MidtermReview.objects.get()
    assert review.based_on == assessment
    assert assessment.get_absolute_url() in client.get(programme.get_absolute_url()).content.decode()
    # From the assessment back to the review, for whoever may see the programme.
    back = f"{programme.get_absolute_url()}#reviews"
    assert back in Client().get(assessment.get_absolute_url()).content.decode()
    Programme.objects.update(sharing="draft")
    assert back not in Client().get(assessment.get_absolute_url()).content.decode()


def test_a_review_begins_from_an_assessment_of_that_programme_that_one_sees(
    lead: Person, assessed: tuple[Programme, Assessment]
) -> None:
    programme, _assessment = assessed
    another = make_assessment(lead.own, "closed")
    with pytest.raises(ValidationError):
        reviews.keep_review(actor=lead.user, programme=programme, held_on=today(), based_on=another)
