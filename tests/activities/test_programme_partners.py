"""Partners of a programme: asked, yes or no and why, pledges, leaving; covenant, signing rounds, Staatscourant."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from activities.models import HoursEstimate, ProgrammePartner, Signature, SigningRound, WorkingGroupMember
from activities.models.programme_partner import Answer
from activities.services.programmes import covenant as covenants
from activities.services.programmes import handing, moving, partners, work
from activities.services.programmes.covenant import digest_of
from activities.services.programmes.gazette import gazette_name, gazette_url, read_gazette
from governance.models.membership import Function
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.models import AuditEvent
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person, join, make_organisation, make_user
from tests.activities.programmes import STARTED, make_partner, make_programme, programme_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Person:
    return Cast().person("team")


def answer(actor: object, partner: ProgrammePartner, said: str, why: str = "", **more: object) -> ProgrammePartner:
    return partners.answer(actor=actor, partner=partner, answer=Answer(said), why=why, **more)


def test_asking_leaves_who_is_asked_already_as_it_is(lead: Person) -> None:
    programme = make_programme(lead.own)
    company = make_organisation()
    (asked,) = partners.ask_partners(actor=lead.user, programme=programme, organisations=[company, lead.own])
    assert (asked.answer, asked.organisation) == ("asked", company)
    assert partners.ask_partners(actor=lead.user, programme=programme, organisations=[company]) == []
    ended = make_programme(lead.own, "stopped")
    with pytest.raises(TransitionRefused):
        partners.ask_partners(actor=lead.user, programme=ended, organisations=[company])


@pytest.mark.parametrize("role", ["team", "signatory", "ministry", "partner"])
def test_a_partner_answers_for_itself(role: str) -> None:
    person = Cast().person(role)
    programme = make_programme(person.cast.other, sharing="draft")
    partner = make_partner(programme, person.own, answer="asked", why="")
    with pytest.raises(ValidationError) as error:
        answer(person.user, partner, "no", " ")
    assert "why" in error.value.message_dict
    with pytest.raises(ValidationError):
        answer(person.user, partner, "yes", hours=100_001)
    said = answer(person.user, partner, "yes", "Past bij ons", hours=80, euros=500, brings="Een jurist")
    assert (said.answer, said.hours, said.euros, said.brings, said.contact) == (
        "yes",
        80,
        500,
        "Een jurist",
        person.user,
    )
    no = answer(person.user, partner, "no", "Toch geen tijd", hours=80)
    assert (no.hours, no.why, no.answered_on) == (None, "Toch geen tijd", today())


@pytest.mark.parametrize("role", ["member", "advisor", "desk", "publisher", "steering"])
def test_others_do_not_answer(role: str) -> None:
    person = Cast().person(role)
    partner = make_partner(make_programme(person.cast.other), person.own, answer="asked", why="")
    for call in (
        lambda: answer(person.user, partner, "yes"),
        lambda: partners.leave(actor=person.user, partner=partner, reason="x"),
        lambda: partners.describe_partner(actor=person.user, partner=partner, is_location=True, contact=None),
        lambda: partners.estimate_hours(actor=person.user, partner=partner, year=2024, hours=1),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_who_leads_notes_the_answer_of_who_has_no_account(lead: Person) -> None:
    programme = make_programme(lead.own)
    partner = make_partner(programme, make_organisation(), answer="asked", why="")
    said = answer(lead.user, partner, "yes", "Per telefoon", hours=40)
    assert (said.answer, said.contact) == ("yes", None)
    event = AuditEvent.objects.latest("pk")
    assert event.changes["partner"] == str(partner.organisation)
    with pytest.raises(ValidationError):
        answer(lead.user, programme.partners.get(organisation=lead.own), "no", "Toch niet")


def test_leaving_is_dated_with_a_reason_and_one_can_come_back(lead: Person) -> None:
    programme = programme_in("execution", lead.own)
    partner = programme.partners.exclude(organisation=lead.own).first()
    group = work.keep_group(actor=lead.user, programme=programme, name="Ondergrond")
    work.seat(actor=lead.user, group=group, partner=partner)
    with pytest.raises(ValidationError):
        partners.leave(actor=lead.user, partner=partner, reason=" ")
    left = partners.leave(actor=lead.user, partner=partner, reason="Geen mensen meer")
    assert (left.left_on, left.left_reason) == (today(), "Geen mensen meer")
    assert partners.leave(actor=lead.user, partner=left, reason="nog eens").left_reason == "Geen mensen meer"
    assert not WorkingGroupMember.objects.filter(partner=partner, left_on=None).exists()
    with pytest.raises(TransitionRefused):
        partners.leave(
            actor=lead.user, partner=programme.partners.get(organisation=lead.own), reason="Wij trekken niet meer"
        )
    (again,) = partners.ask_partners(actor=lead.user, programme=programme, organisations=[partner.organisation])
    assert again.pk != partner.pk


def test_the_lead_goes_to_a_partner_who_takes_part(lead: Person) -> None:
    programme = make_programme(lead.own)
    other = make_partner(programme, lead.cast.other).organisation
    with pytest.raises(ValidationError):
        partners.hand_lead_over(actor=lead.user, programme=programme, organisation=make_organisation(), reason="x")
    changed = partners.hand_lead_over(
        actor=lead.user, programme=programme, organisation=other, reason="Nieuw jaar"
    )
    assert changed.organisation == other
    with pytest.raises(NotAllowed):
        partners.hand_lead_over(actor=lead.user, programme=changed, organisation=lead.own, reason="Terug")


def test_hours_are_estimated_once_a_year_and_never_booked(lead: Person) -> None:
    programme = programme_in("execution", lead.own)
    partner = programme.partners.get(organisation=lead.own)
    year = today().year - 1
    partners.estimate_hours(actor=lead.user, partner=partner, year=year, hours=150)
    changed = partners.estimate_hours(actor=lead.user, partner=partner, year=year, hours=160, note="Met stage")
    assert (HoursEstimate.objects.count(), changed.hours, changed.note) == (1, 160, "Met stage")
    for wrong in (today().year, STARTED.year - 1):
        with pytest.raises(ValidationError):
            partners.estimate_hours(actor=lead.user, partner=partner, year=wrong, hours=1)
    with pytest.raises(ValidationError):
        partners.estimate_hours(actor=lead.user, partner=partner, year=year, hours=-1)


def test_whom_to_call_is_somebody_of_the_organisation(lead: Person) -> None:
    partner = make_programme(lead.own).partners.get()
    colleague = make_user()
    with pytest.raises(ValidationError):
        partners.describe_partner(actor=lead.user, partner=partner, is_location=True, contact=colleague)
    join(colleague, lead.own, Function.TEAM)
    kept = partners.describe_partner(actor=lead.user, partner=partner, is_location=True, contact=colleague)
    assert (kept.contact, kept.is_location) == (colleague, True)
    group = work.keep_group(actor=lead.user, programme=partner.programme, name="Ondergrond")
    work.seat(actor=lead.user, group=group, partner=partner, user=colleague)
    values = {"user": colleague, "successor": lead.user, "organisation": lead.own, "actor": lead.user}
    handing.give_contacts(**values)
    handing.give_seats(**values)
    kept.refresh_from_db()
    assert kept.contact == lead.user
    assert WorkingGroupMember.objects.get().user == lead.user


def test_the_covenant_is_written_by_two_and_fixed_for_signing(lead: Person) -> None:
    programme = make_programme(lead.own, "preparation")
    values = {"goal": "Tien straten", "starts_on": date(2027, 1, 1), "ends_on": date(2026, 1, 1)}
    with pytest.raises(ValidationError):
        covenants.write_covenant(actor=lead.user, programme=programme, version=1, values=values)
    values["ends_on"] = date(2029, 1, 1)
    written = covenants.write_covenant(actor=lead.user, programme=programme, version=1, values=values)
    assert written.version == 2
    with pytest.raises(EditConflict):
        covenants.write_covenant(actor=lead.user, programme=programme, version=1, values={"goal": "Anders"})
    make_partner(programme, make_organisation())
    covenants.write_covenant(actor=lead.user, programme=programme, version=2, values={"agreements": "Samen"})
    work.keep_milestone(actor=lead.user, programme=programme, title="Start", planned_on=date(2027, 6, 1))
    moving.move_programme(actor=lead.user, programme=programme, step="sign")
    with pytest.raises(TransitionRefused):
        covenants.write_covenant(actor=lead.user, programme=programme, version=3, values={"goal": "Later"})
    written.refresh_from_db()
    assert written.digest == digest_of(written.fixed)
    milestone = programme.milestones.get()
    again = {"title": "Start", "planned_on": date(2027, 9, 1), "milestone": milestone}
    with pytest.raises(ValidationError):
        work.keep_milestone(actor=lead.user, programme=programme, **again)
    moved = work.keep_milestone(actor=lead.user, programme=programme, note="Vergunning duurt langer", **again)
    assert (moved.first_planned_on, moved.planned_on) == (date(2027, 6, 1), date(2027, 9, 1))


def signatory_of(person: Person) -> object:
    user = make_user()
    join(user, person.own, Function.SIGNATORY)
    return user


def test_only_a_signatory_signs_and_only_for_the_own_party(lead: Person) -> None:
    programme = programme_in("preparation", lead.own)
    covenants.Covenant.objects.create(
        programme=programme, goal="Doel", agreements="Samen", starts_on=STARTED, ends_on=date(2028, 1, 1)
    )
    work.keep_milestone(actor=lead.user, programme=programme, title="Start", planned_on=date(2027, 6, 1))
    programme = moving.move_programme(actor=lead.user, programme=programme, step="sign")
    digest = programme.covenant.digest
    mine, other = programme.partners.get(organisation=lead.own), programme.partners.last()
    signatory = signatory_of(lead)
    with pytest.raises(TransitionRefused, match="geen tekenronde"):
        covenants.sign(actor=signatory, partner=mine, digest=digest)
    signing = covenants.open_round(actor=lead.user, programme=programme, held_on=today(), place=" Utrecht ")
    with pytest.raises(TransitionRefused):
        covenants.open_round(actor=lead.user, programme=programme, held_on=today())
    for actor, partner in ((lead.user, mine), (signatory, other), (lead.cast.person("signatory").user, mine)):
        with pytest.raises(NotAllowed):
            covenants.sign(actor=actor, partner=partner, digest=digest)
    with pytest.raises(TransitionRefused, match="veranderd"):
        covenants.sign(actor=signatory, partner=mine, digest="b" * 64)
    signature = covenants.sign(actor=signatory, partner=mine, digest=digest)
    assert (signature.hours, signature.digest, signature.round) == (120, digest, signing)
    with pytest.raises(TransitionRefused, match="al getekend"):
        covenants.sign(actor=signatory, partner=mine, digest=digest)
    with pytest.raises(TransitionRefused):
        answer(lead.user, mine, "yes", hours=1)


def test_rounds_close_with_their_publication_and_later_joiners_sign_in_a_next_one(lead: Person) -> None:
    programme = programme_in("execution", lead.own)
    joiner = lead.cast.person("signatory")
    late = make_partner(programme, joiner.own)
    signing = covenants.open_round(actor=lead.user, programme=programme, held_on=today())
    assert signing.number == 2
    with pytest.raises(TransitionRefused, match="niemand getekend"):
        covenants.close_round(actor=lead.user, round=signing)
    covenants.sign(actor=joiner.user, partner=late, digest=programme.covenant.digest)
    late.refresh_from_db()
    assert late.joined_on == today()
    with pytest.raises(ValidationError):
        covenants.close_round(actor=lead.user, round=signing, gazette="krant van gisteren")
    closed = covenants.close_round(actor=lead.user, round=signing)
    assert (closed.closed_on, closed.gazette) == (today(), "")
    published = covenants.publish_round(actor=lead.user, round=closed, gazette="Stcrt. 2024, 777")
    assert published.gazette == "stcrt-2024-777"
    assert Signature.objects.filter(round=signing).count() == 1
    assert SigningRound.objects.count() == 2
    third = covenants.open_round(actor=lead.user, programme=programme, held_on=today() + timedelta(days=9))
    with pytest.raises(TransitionRefused):
        covenants.publish_round(actor=lead.user, round=third, gazette="Stcrt. 2024, 1")


@pytest.mark.parametrize(
    "text",
    [
        "Stcrt. 2021, 12345",
        "stcrt-2021-12345",
        "Staatscourant 2021, nr. 12345",
        "STCRT 2021 12345",
        "https://zoek.officielebekendmakingen.nl/stcrt-2021-12345.html",
    ],
)
def test_the_staatscourant_is_read_as_people_write_it(text: str) -> None:
    assert read_gazette(text) == "stcrt-2021-12345"


@pytest.mark.parametrize(
    "text",
    ["", "12345", "Stb. 2021, 12", "Stcrt. 1999, 12", "Stcrt. 2999, 12", "Stcrt. 2021, 0", "stcrt-2021-<b>"],
)
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        read_gazette(text)


def test_a_reference_has_a_name_and_an_address() -> None:
    assert gazette_name("stcrt-2021-12345") == "Stcrt. 2021, 12345"
    assert gazette_url("stcrt-2021-12345") == "https://zoek.officielebekendmakingen.nl/stcrt-2021-12345.html"
