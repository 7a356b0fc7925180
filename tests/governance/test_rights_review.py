"""Once a year every organisation looks at who has which rights: one click each, and nothing ends by itself."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from governance.models import Membership, Organisation, RightsCheck, RightsReview, RightsRound, User
from governance.models.membership import Function
from governance.models.organisation import Group
from governance.selectors_rights import with_waiting
from governance.services import Refused
from governance.services.memberships import end_membership
from governance.services.rights_review import (
    close_finished,
    confirm_accounts,
    open_due_round,
    open_round,
    remind,
    rights_day,
)
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import AuditEvent, OutgoingMail
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, join, make_organisation, make_user

pytestmark = pytest.mark.django_db
SOON = timedelta(days=30)


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def lead(cast: Cast) -> Person:
    """Somebody who leads a company with two colleagues, one of whom has not logged in for two years."""
    person = cast.person("partner", leads=True)
    join(make_user(name="Collega", last_login=timezone.now()), person.own)
    join(make_user(name="Slaper", last_login=timezone.now() - timedelta(days=730)), person.own)
    return person


def opened(**fields: date) -> RightsRound:
    made = open_round(**{"opened_on": today(), "due_on": today() + SOON, **fields})
    assert made is not None
    return made


def review_of(organisation: Organisation) -> RightsReview:
    return with_waiting(RightsReview.objects.filter(organisation=organisation)).latest("round__year")


def page_of(organisation: Organisation) -> str:
    return f"/sturing/organisaties/{organisation.public_id}/rechten/"


def named(name: str) -> User:
    return User.objects.get(name=name)


def test_a_lead_looks_at_each_account_with_one_click(client: Client, lead: Person) -> None:
    opened()
    client.force_login(lead.user)
    assert "Bekijk wie welke rechten heeft" in client.get("/").content.decode()
    page = client.get(page_of(lead.own)).content.decode()
    assert page.count("Klopt nog<") == 2
    assert "een jaar niet gebruikt" in page
    for name in ("Collega", "Slaper"):
        client.post(f"{page_of(lead.own)}klopt/", {"user": named(name).pk})
    done = review_of(lead.own)
    assert (done.waiting, done.done_by) == (0, lead.user)
    check = RightsCheck.objects.get(user=named("Collega"))
    assert (check.checked_by, check.review) == (lead.user, done)
    page = client.get(page_of(lead.own)).content.decode()
    assert f"{lead.user}, " in page, "rows carry who confirmed when"
    assert "Bekijk wie welke rechten heeft" not in client.get("/").content.decode()
    event = AuditEvent.objects.filter(changes__has_key="rights_still_right").latest("pk")
    assert (event.on_behalf_of_id, event.changes["in_bulk"]) == (str(lead.own.pk), False)


def test_in_bulk_only_after_the_list_and_never_the_unused(client: Client, lead: Person) -> None:
    opened()
    join(make_user(name="Nog een", last_login=timezone.now()), lead.own)
    Membership.objects.filter(user__name="Nog een").update(valid_from=date(2020, 1, 1))
    client.force_login(lead.user)
    everybody = [str(key) for key in lead.own.memberships.values_list("user", flat=True)]
    address = f"{page_of(lead.own)}klopt/"
    client.post(address, {"all": "1", "user": everybody})
    assert not RightsCheck.objects.exists()
    client.post(address, {"all": "1", "user": everybody, "looked": "on"})
    assert set(RightsCheck.objects.values_list("user__name", flat=True)) == {"Collega", "Nog een"}
    assert review_of(lead.own).waiting == 1


def test_nobody_confirms_their_own_rights_or_those_of_who_is_not_in(cast: Cast, lead: Person) -> None:
    opened()
    review = review_of(lead.own)
    with pytest.raises(Refused, match="eigen rechten"):
        confirm_accounts(actor=lead.user, review=review, users=[lead.user.pk])
    with pytest.raises(Refused, match="hoort niet meer"):
        confirm_accounts(actor=lead.user, review=review, users=[cast.person("team").user.pk])
    second = join(make_user(), lead.own, is_lead=True).user
    assert confirm_accounts(actor=second, review=review, users=[lead.user.pk]) == 1
    assert confirm_accounts(actor=second, review=review, users=[lead.user.pk]) == 0, "twice is no harm"


def test_who_does_not_look(client: Client, cast: Cast, lead: Person) -> None:
    unled = join(make_user(), make_organisation(Group.CIVIL))
    opened()
    key = named("Collega").pk
    coordinator = cast.person("coordinator").user
    others = [
        coordinator,
        named("Collega"),
        cast.person("ministry", leads=True).user,
        cast.person("steering").user,
    ]
    for other in others:
        with pytest.raises(NotAllowed):
            confirm_accounts(actor=other, review=review_of(lead.own), users=[key])
    client.force_login(coordinator)
    page = client.get(page_of(lead.own)).content.decode()
    assert "Een leider van de organisatie doet dit" in page
    assert "Klopt nog<" not in page
    for other in others[1:]:
        client.force_login(other)
        assert client.get(page_of(lead.own)).status_code == 404
        assert client.post(f"{page_of(lead.own)}klopt/", {"user": key}).status_code == 404
    assert confirm_accounts(actor=coordinator, review=review_of(unled.organisation), users=[unled.user_id]) == 1


def test_ending_and_leaving_count_and_nothing_ends_by_itself(client: Client, cast: Cast, lead: Person) -> None:
    made = opened(opened_on=today() - SOON, due_on=today() - timedelta(days=1))
    end_membership(
        actor=lead.user, membership=Membership.objects.get(user__name="Slaper"), last_day=today() + SOON
    )
    assert review_of(lead.own).waiting == 1
    rights_day(today())
    assert not Membership.objects.filter(user__name="Collega", valid_to__isnull=False).exists()
    coordinator = cast.person("coordinator").user
    client.force_login(coordinator)
    assert "Bekijk waar niemand naar rechten kijkt" in client.get("/").content.decode()
    assert "te laat" in client.get("/sturing/rechten/").content.decode()
    end_membership(actor=lead.user, membership=Membership.objects.get(user__name="Collega"), at_once=True)
    close_finished(made)
    assert review_of(lead.own).done_at is not None


def test_change_and_end_lead_to_the_forms_that_are_there_and_back(client: Client, lead: Person) -> None:
    opened()
    client.force_login(lead.user)
    membership = Membership.objects.get(user__name="Collega")
    base = f"/sturing/organisaties/{lead.own.public_id}/mensen/{membership.pk}/"
    page = client.get(page_of(lead.own)).content.decode()
    assert f"{base}?terug=rechten" in page
    assert f"{base}overdragen/?terug=rechten" in page
    changed = client.post(f"{base}?terug=rechten", {"position": "Adviseur", "sharing": "network"})
    assert changed["Location"] == page_of(lead.own)
    ended = client.post(f"{base}overdragen/?terug=rechten", {"last_day": (today() + SOON).isoformat()})
    assert ended["Location"] == page_of(lead.own)
    assert "eindigt na" in client.get(page_of(lead.own)).content.decode()


def test_the_clock_opens_it_once_a_year_and_makes_up_for_lost_days(settings, lead: Person) -> None:
    settings.NSS_RIGHTS_OPENS_ON, settings.NSS_RIGHTS_DUE_AFTER_DAYS = "02-01", 42
    assert open_due_round(date(2030, 1, 31)) is None
    assert open_due_round(date(2030, 3, 10)) is None, "too late to ask: next year"
    made = open_due_round(date(2030, 2, 5))
    assert (made.year, made.due_on) == (2030, date(2030, 3, 15))
    assert open_due_round(date(2030, 2, 6)) is None
    assert open_due_round(date(2031, 2, 1)) is not None
    assert RightsReview.objects.filter(organisation=lead.own).count() == 2
    first = RightsReview.objects.get(organisation=lead.own, round=made)
    with pytest.raises(Refused, match="voorbij"):
        confirm_accounts(actor=lead.user, review=first, users=[named("Collega").pk])


def test_leads_hear_of_it_at_the_opening_before_the_last_day_and_after_it(lead: Person) -> None:
    made = opened()
    mails = OutgoingMail.objects.filter(recipient=lead.user.email)
    for day, number in ((today(), 1), (today(), 1), (made.due_on - timedelta(days=14), 2)):
        remind(day)
        assert mails.count() == number
    remind(made.due_on - timedelta(days=3))
    remind(made.due_on + timedelta(days=1))
    assert mails.latest("pk").subject.endswith("te laat")
    assert mails.count() == 4
    confirm_accounts(actor=lead.user, review=review_of(lead.own), users=[named("Collega").pk, named("Slaper").pk])
    assert remind(made.due_on + timedelta(days=2)) == 0, "who is done hears no more"


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_take_the_same_queries(
    client: Client, cast: Cast, lead: Person, number: int, django_assert_num_queries
) -> None:
    for _each in range(number):
        join(make_user(), lead.own, Function.SIGNATORY)
        join(make_user(), make_organisation(Group.CIVIL))
    opened()
    client.force_login(lead.user)
    client.get(page_of(lead.own))
    with django_assert_num_queries(10):
        assert client.get(page_of(lead.own)).status_code == 200
    client.force_login(cast.person("coordinator").user)
    client.get("/sturing/rechten/")
    with django_assert_num_queries(7):
        assert client.get("/sturing/rechten/?stand=alles").status_code == 200
