"""Questions to the desk: asked, confirmed, handled, referred, answered, published, joined, reminded of."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.models import DeskMessage, DeskQuestion, DeskRoute
from activities.services.desk import asking, clock, handling, inviting, publishing, routing
from activities.services.desk.reference import load_routes
from governance.models import Organisation
from governance.models.organisation import Duty, Group
from nss_portal.core.access import LinkActor, NotAllowed
from nss_portal.core.mail import OutgoingMail
from nss_portal.core.models import AuditEvent
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused, history
from tests.access.cast import Cast, Person, join, make_city, make_organisation, make_user
from tests.activities.desk import make_desk, make_question, make_theme

pytestmark = pytest.mark.django_db

VISITOR = LinkActor(label="bezoeker", organisation_id=None, purpose="form")
FORM = {"name": "Iemand Elders", "asker_from": "", "title": "Wie kent dit?", "text": "", "theme": None}


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def desk(cast: Cast) -> Person:
    return cast.person("desk")


@pytest.fixture
def team(cast: Cast) -> Person:
    return cast.person("team")


def ask(person: Person, **more: object) -> DeskQuestion:
    values = {"title": " Wie kent dit? ", "text": "Uitleg", "theme": None, "may_publish": True, **more}
    return asking.ask(actor=person.user, organisation=person.own, **values)  # type: ignore[arg-type]


def ask_by_form(email: str = "vrager@elders.example", **more: object) -> DeskQuestion:
    values = {**FORM, "may_publish": True, "email": email, **more}
    return asking.ask_by_form(actor=VISITOR, **values)  # type: ignore[arg-type]


def subjects() -> list[str]:
    return sorted(OutgoingMail.objects.values_list("subject", flat=True))


def test_a_question_goes_to_the_desk_or_where_its_theme_goes(team: Person, desk: Person) -> None:
    ministry, theme = make_organisation(Group.MINISTRY), make_theme()
    DeskRoute.objects.create(theme=theme, organisation=ministry, why_nl="gaat erover")
    assert ask(team).holder == desk.own
    question = ask(team, theme=theme)
    assert (question.holder, question.title, question.state) == (ministry, "Wie kent dit?", "new")
    assert question.due_on == today() + timedelta(days=asking.DAYS_TO_ANSWER)
    assert subjects() == ["Een vraag voor je: Wie kent dit?"]


def test_a_route_follows_a_task_that_moved(team: Person) -> None:
    new = make_organisation(Group.MINISTRY)
    old = make_organisation(Group.MINISTRY)
    old.successor, old.succeeded_on = new, today()
    old.save()
    DeskRoute.objects.create(theme=make_theme(), organisation=old, why_nl="gaat erover")
    assert ask(team, theme=make_theme()).holder == new


def test_routes_are_reference_data() -> None:
    Organisation.objects.create(code="rvo", name="RVO", group=Group.AGENCY, duty=Duty.DESK)
    make_theme()
    assert load_routes() == ["ways of questions added 1"]
    DeskRoute.objects.update(organisation=make_organisation(name="Anders"))
    assert load_routes() == [
        "ways of questions added 0",
        "  differs: questions on energy-heat go to Anders in the portal",
    ]


def test_nobody_at_the_desk_is_said(team: Person) -> None:
    with pytest.raises(ValidationError, match="loket"):
        ask(team)


def test_one_asks_for_the_own_organisation(team: Person, desk: Person) -> None:
    with pytest.raises(NotAllowed):
        asking.ask(actor=team.user, organisation=team.cast.other, title="x", text="", theme=None, may_publish=True)
    with pytest.raises(ValidationError):
        ask(team, title="  ")
    with pytest.raises(NotAllowed):
        asking.ask_by_form(actor=team.user, **FORM, email="a@b.example", may_publish=True)  # type: ignore[arg-type]


def test_without_an_account_the_address_is_confirmed_first(desk: Person) -> None:
    question = ask_by_form()
    assert not DeskQuestion.objects.visible_to(desk.user).exists()
    assert subjects() == ["Bevestig uw e-mailadres voor uw vraag"]
    found = re.search(r"/loket/vragen/link/(\S+)/", OutgoingMail.objects.get().text)
    assert found
    assert asking.question_of_link(found.group(1)) == question
    assert asking.question_of_link(found.group(1)[:-1] + "x") is None
    with pytest.raises(NotAllowed):
        asking.verify_address(actor=VISITOR, question=question)
    for _again in range(2):
        asking.verify_address(actor=asking.asker(question), question=question)
    assert DeskQuestion.objects.visible_to(desk.user).get() == question
    assert len(subjects()) == 3


def test_the_same_form_twice_is_one_question_and_an_address_asks_five_times_a_day(desk: Person) -> None:
    assert ask_by_form() == ask_by_form(" Vrager@Elders.example ")
    for number in range(4):
        ask_by_form(title=f"Vraag {number}")
    with pytest.raises(ValidationError, match="vaak"):
        ask_by_form(title="Nog een")
    assert OutgoingMail.objects.count() == 5


def test_nobody_handles_what_is_not_confirmed(desk: Person) -> None:
    question = ask_by_form()
    for do in (
        lambda: handling.take_up(actor=desk.user, question=question),
        lambda: handling.answer(actor=desk.user, question=question, text="Zo"),
    ):
        with pytest.raises(NotAllowed):
            do()
    DeskQuestion.objects.update(received_at=timezone.now() - timedelta(days=31))
    assert asking.forget_unverified_questions(before=timezone.now() - timedelta(days=30)) == 1
    assert not DeskQuestion.objects.exists()


def test_from_question_to_answer_and_back_again(team: Person, desk: Person) -> None:
    question = ask(team)
    handling.take_up(actor=desk.user, question=question)
    handling.ask_back(actor=desk.user, question=question, text="Welke wijk?")
    with pytest.raises(NotAllowed):
        handling.reply(actor=desk.user, question=question, text="?")
    handling.reply(actor=team.user, question=question, text="De oude wijk.")
    handling.reply(actor=team.user, question=question, text="En nog iets.")
    handling.answer(actor=desk.user, question=question, text="Zo doe je dat.")
    with pytest.raises(NotAllowed):
        handling.reopen(actor=desk.user, question=question, reason="x")
    with pytest.raises(TransitionRefused):
        handling.reopen(actor=team.user, question=question, reason=" ")
    handling.reopen(actor=team.user, question=question, reason="Dit gaat over nieuwbouw.")
    handling.answer(actor=desk.user, question=question, text="Voor oudbouw zo.")
    handling.close(actor=team.user, question=question)
    question.refresh_from_db()
    assert (question.state, question.handler, question.holder) == ("closed", desk.user, desk.own)
    assert [row.target for row in history(question)] == [
        *("handling", "waiting", "handling", "answered", "reopened", "answered", "closed")
    ]
    kinds = DeskMessage.objects.values_list("kind", flat=True)
    assert list(kinds) == ["ask_back", "reply", "reply", "answer", "reply", "answer"]
    with pytest.raises(TransitionRefused):
        handling.reply(actor=team.user, question=question, text="Te laat")
    assert question.answered_at == DeskQuestion.objects.get().answered_at


def test_an_asker_without_account_follows_and_reacts_by_the_link(desk: Person) -> None:
    question = make_question(holder=desk.own)
    asker = asking.asker(question)
    handling.ask_back(actor=desk.user, question=question, text="Welke wijk?")
    handling.reply(actor=asker, question=question, text="De oude.")
    handling.answer(actor=desk.user, question=question, text="Zo.")
    handling.reopen(actor=asker, question=question, reason="Nee")
    handling.withdraw(actor=asker, question=question)
    other = make_question(holder=desk.own)
    for do in (handling.close, handling.withdraw):
        with pytest.raises(NotAllowed):
            do(actor=asker, question=other)
    texts = [mail.text for mail in OutgoingMail.objects.filter(recipient="vrager@elders.example")]
    assert len(texts) == 2
    assert all("/loket/vragen/link/" in text for text in texts)


def test_a_referral_changes_who_has_it_and_the_asker_hears(team: Person, desk: Person) -> None:
    ministry = make_organisation(Group.MINISTRY, name="Ministerie")
    official, question = make_user(), ask(team)
    join(official, ministry)
    with pytest.raises(NotAllowed):
        handling.refer(actor=official, question=question, to=desk.own, reason="x")  # type: ignore[arg-type]
    for to in (desk.own, team.cast.other):
        with pytest.raises(ValidationError):
            handling.refer(actor=desk.user, question=question, to=to, reason="x")  # type: ignore[arg-type]
    with pytest.raises(TransitionRefused):
        handling.refer(actor=desk.user, question=question, to=ministry, reason="")
    handling.refer(actor=desk.user, question=question, to=ministry, reason="Zij gaan erover")
    question.refresh_from_db()
    assert (question.holder, question.state) == (ministry, "referred")
    assert "Uw vraag is nu bij Ministerie: Wie kent dit?" in subjects()
    handling.answer(actor=official, question=question, text="Ja.")
    assert DeskMessage.objects.get(kind="answer").organisation == ministry


@pytest.mark.parametrize("role", ["visitor", "member", "team", "signatory", "steering", "partner", "ministry"])
def test_who_does_not_handle_it(role: str, cast: Cast) -> None:
    question, person = make_question(cast.other), cast.person(role)
    for do in (
        lambda: handling.take_up(actor=person.user, question=question),
        lambda: handling.answer(actor=person.user, question=question, text="Zo"),
        lambda: handling.note(actor=person.user, question=question, text="Zo"),
        lambda: handling.ask_back(actor=person.user, question=question, text="Zo"),
        lambda: handling.set_theme(actor=person.user, question=question, theme=None),
        lambda: publishing.publish(actor=person.user, question=question, title="a", text="", answer="b"),
        lambda: publishing.unpublish(actor=person.user, question=question),
        lambda: publishing.agree(actor=person.user, question=question),
        lambda: inviting.invite_cities(actor=person.user, question=question, cities=[]),
        lambda: inviting.tell_experience(actor=person.user, question=question, text="Zo"),
        lambda: handling.reply(actor=person.user, question=question, text="Zo"),
        lambda: handling.reopen(actor=person.user, question=question, reason="Zo"),
    ):
        with pytest.raises(NotAllowed):
            do()
    assert not DeskMessage.objects.exists()


def test_cities_that_were_asked_tell_what_they_did_and_no_more(team: Person, desk: Person) -> None:
    city = make_city("mission")
    colleague = make_user()
    join(colleague, city, "team")  # type: ignore[arg-type]
    question = ask(team, ask_cities=True)
    assert city in [one.organisation for one in question.invites.select_related("organisation")]
    assert team.own not in [one.organisation for one in question.invites.select_related("organisation")]
    for do in (handling.answer, handling.note):
        with pytest.raises(NotAllowed):
            do(actor=colleague, question=question, text="Zo")  # type: ignore[operator]
    inviting.tell_experience(actor=colleague, question=question, text="Wij deden het zo.")
    inviting.decline_invite(actor=colleague, question=question)
    question.refresh_from_db()
    assert question.state == "new"
    assert question.invites.get(organisation=city).state == "answered"
    assert any(subject.startswith("Een stad antwoordde") for subject in subjects())
    with pytest.raises(ValidationError):
        inviting.tell_experience(actor=colleague, question=question, text=" ")


def test_no_more_cities_than_agreed_are_asked(desk: Person, team: Person) -> None:
    question = make_question(team.own)
    many = [routing.CityToAsk(make_city().pk, "stad", "") for _ in range(inviting.MOST_CITIES + 1)]
    with pytest.raises(ValidationError):
        inviting.invite_cities(actor=desk.user, question=question, cities=many)
    assert len(inviting.invite_cities(actor=desk.user, question=question, cities=many[:3])) == 3
    assert inviting.invite_cities(actor=desk.user, question=question, cities=many[:3]) == []


def test_notes_stay_with_those_who_handle_it(team: Person, desk: Person) -> None:
    question = ask(team)
    handling.note(actor=desk.user, question=question, text="GEHEIM overleg")
    assert not OutgoingMail.objects.filter(text__contains="GEHEIM").exists()
    assert "GEHEIM" not in str(list(AuditEvent.objects.values_list("changes", "reason", "object_label")))


def test_published_by_choice_of_asker_and_desk_without_the_name(team: Person, desk: Person) -> None:
    question = ask(team, may_publish=False)
    texts = {"title": "Hoe regelt een stad dit?", "text": "", "answer": "Zo."}
    with pytest.raises(NotAllowed, match="vrager"):
        publishing.publish(actor=desk.user, question=question, **texts)
    publishing.agree(actor=team.user, question=question)
    with pytest.raises(ValidationError, match="antwoord"):
        publishing.publish(actor=desk.user, question=question, **texts)
    handling.answer(actor=desk.user, question=question, text="Zo.")
    assert publishing.proposal(question) == {"title": "Wie kent dit?", "text": "Uitleg", "answer": "Zo."}
    assert team.own is not None
    for name in (team.own.name, team.own.name.upper(), team.user.email):
        with pytest.raises(ValidationError, match="vrager"):
            publishing.publish(actor=desk.user, question=question, **{**texts, "text": f"In {name} dus."})
    publishing.publish(actor=desk.user, question=question, **texts)
    assert DeskQuestion.objects.visible_to(None).get() == question
    publishing.unpublish(actor=team.user, question=question)
    question.refresh_from_db()
    assert (question.published_at, question.may_publish) == (None, False)
    assert not DeskQuestion.objects.visible_to(None).exists()


def test_the_database_holds_that_nothing_is_public_without_consent() -> None:
    with pytest.raises(IntegrityError, match="by_choice"), transaction.atomic():
        make_question(is_public=True, may_publish=False)
    with pytest.raises(IntegrityError, match="has_an_asker"), transaction.atomic():
        make_question(asker_email="")


def test_the_same_question_is_joined_and_answered_once(team: Person, desk: Person) -> None:
    first, second, third = ask(team), make_question(holder=desk.own), make_question(holder=desk.own)
    for question, to in ((first, first), (second, make_question(state="answered"))):
        with pytest.raises(ValidationError):
            handling.join(actor=desk.user, question=question, to=to)
    handling.join(actor=desk.user, question=second, to=first)
    handling.join(actor=desk.user, question=third, to=first)
    handling.separate(actor=desk.user, question=third)
    with pytest.raises(ValidationError):
        handling.join(actor=desk.user, question=third, to=second)
    with pytest.raises(TransitionRefused):
        handling.answer(actor=desk.user, question=DeskQuestion.objects.get(pk=second.pk), text="Zo.")
    with pytest.raises(TransitionRefused):
        handling.take_up(actor=desk.user, question=second)
    handling.answer(actor=desk.user, question=first, text="Zo.")
    states = dict(DeskQuestion.objects.values_list("pk", "state"))
    assert (states[first.pk], states[second.pk], states[third.pk]) == ("answered", "answered", "new")
    assert OutgoingMail.objects.filter(subject__startswith="Er is een antwoord").count() == 2


def test_what_lies_too_long_is_reminded_of_once_a_week(desk: Person) -> None:
    late = {"due_on": today() - timedelta(days=3)}
    for _one in range(2):
        make_question(holder=desk.own, **late)
    make_question(holder=desk.own)
    make_question(holder=desk.own, verified_at=None, **late)
    for _again in range(2):
        assert clock.remind(day=today()) == 1
    assert subjects() == ["Herinnering: 2 vragen wachten op je antwoord"]
    assert clock.remind(day=today() + timedelta(days=7)) == 1
    assert OutgoingMail.objects.count() == 2


def test_the_clock_asks_the_asker_and_closes_what_was_answered(desk: Person) -> None:
    make_question(state="waiting", waiting_since=today() - timedelta(days=20))
    for _again in range(2):
        clock.remind_askers(day=today())
    assert subjects() == [OutgoingMail.objects.get().subject]
    old = make_question(state="answered", changed_at=timezone.now() - timedelta(days=40))
    fresh = make_question(state="answered")
    assert (clock.close_answered(day=today()), clock.close_answered(day=today())) == (1, 0)
    states = dict(DeskQuestion.objects.values_list("pk", "state"))
    assert (states[old.pk], states[fresh.pk]) == ("closed", "answered")


def test_a_desk_is_there() -> None:
    assert make_desk() == make_desk()
