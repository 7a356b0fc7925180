"""Pages of contributions and reciprocity: who sees what, in how many queries, what becomes of wrong input."""

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from activities.models import HoursEstimate, LessonUse
from governance.models import Contribution, Organisation
from governance.models.organisation import Group
from governance.selectors_exchange import national, of_organisation
from nss_portal.core.registry import given_elsewhere
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, make_city, make_organisation, make_user
from tests.activities.desk import make_question
from tests.activities.matrix import make_lesson, published_for
from tests.activities.matrix_activity import make_activity, take_part
from tests.activities.programmes import make_partner, make_programme
from tests.cities.matrix import make_bottleneck
from tests.governance.matrix_contributions import make_contribution

pytestmark = pytest.mark.django_db
REGISTER = "/sturing/bijdragen/"
THIS = today().year
LAST = THIS - 1
REGISTER_QUERIES = 6
RECORD_QUERIES = 11


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def lead() -> Person:
    return Cast().person("team", leads=True)


@pytest.fixture
def mine(client: Client, lead: Person) -> Client:
    client.force_login(lead.user)
    return client


def page_of(organisation: Organisation, *parts: object) -> str:
    return "/".join([f"{REGISTER}{organisation.public_id}", *map(str, parts), ""])


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_register_asks_as_much_for_one_row_as_for_three(
    client: Client, rows: int, django_assert_num_queries: Any
) -> None:
    for _number in range(rows):
        make_contribution(make_organisation(), LAST, sharing="published")
    client.get(REGISTER)
    with django_assert_num_queries(REGISTER_QUERIES):
        assert client.get(REGISTER).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_an_organisation_likewise(
    mine: Client, lead: Person, rows: int, django_assert_num_queries: Any
) -> None:
    programme = make_programme(lead.cast.other, "execution")
    for number in range(rows):
        make_contribution(lead.own, THIS - number)
        make_lesson(lead.own, "published", published_at=timezone.now())
        make_bottleneck(lead.own, "network")
        programme = make_programme(lead.cast.other, "execution")
        make_partner(programme, lead.own, joined_on=date(LAST, 1, 1))
    mine.get(page_of(lead.own))
    with django_assert_num_queries(RECORD_QUERIES):
        page = text(mine, page_of(lead.own))
    assert page.count("Eén aanbesteding") == rows


def test_filters_files_and_what_is_kept_from_others(client: Client, lead: Person) -> None:
    shown = make_contribution(
        make_organisation(name="Openbaar BV"), LAST, sharing="published", pledged_in_kind="=SOM(1)"
    )
    hidden = make_contribution(make_organisation(name="Geheim BV"), LAST, pledged_hours=4321)
    page = text(client, REGISTER)
    assert "Openbaar BV" in page
    assert "Geheim BV" not in page
    assert "4.321" not in page
    assert text(client, page_of(hidden.organisation), 404)
    assert "100 uur" in text(client, page_of(shown.organisation))
    assert "100 uur" in text(client, shown.organisation.get_absolute_url())
    for query in ("?jaar=2001", "?q=niemand", "?soort=knowledge", "?stand=bevestigd", "?jaar=x", "?jaar=9e99"):
        assert ("Openbaar BV" in text(client, REGISTER + query)) == (query in ("?jaar=x", "?jaar=9e99")), query
    assert "Openbaar BV" in text(
        client, f"{REGISTER}?jaar={LAST}&soort=business&stand=te-bevestigen&sort=-organisatie"
    )
    table = client.get(f"{REGISTER}bijdragen.csv?soort=business").content.decode()
    assert "Openbaar BV" in table
    assert "'=SOM(1)" in table
    assert "Geheim" not in table
    assert client.get(f"{REGISTER}bijdragen.xlsx").content.startswith(b"PK")
    client.force_login(lead.cast.person("steering").user)
    assert "4.321" in text(client, REGISTER)


def test_pledged_and_confirmed_with_wrong_input_in_between(mine: Client, lead: Person) -> None:
    there = page_of(lead.own, THIS, "toezeggen")
    assert mine.get(there).status_code == 200
    wrong = mine.post(there, {"hours": "-5", "in_kind": "Onze zaal", "sharing": "published"})
    assert wrong.status_code == 422
    assert "Onze zaal" in wrong.content.decode()
    assert mine.post(there, {"sharing": "own"}).status_code == 422
    assert mine.post(there, {"hours": "5", "nothing": "on", "sharing": "own"}).status_code == 422
    assert not Contribution.objects.exists()
    assert mine.post(there, {"hours": "80", "sharing": "network", "version": "0"}).status_code == 302
    behind = mine.post(there, {"hours": "90", "sharing": "network", "version": "0"})
    assert behind.status_code == 422
    assert "80 uur" in behind.content.decode()
    assert mine.post(there, {"nothing": "on", "sharing": "network", "version": "1"}).status_code == 302
    assert Contribution.objects.get().pledged_hours == 0
    for year, step in ((LAST, "toezeggen"), (THIS, "bevestigen"), (THIS, "verbeteren"), (1990, "bevestigen")):
        assert mine.get(page_of(lead.own, year, step)).status_code == 302, (year, step)
    assert mine.get(page_of(lead.own, LAST, "delen")).status_code == 404
    make_contribution(lead.own, LAST)
    confirmed = page_of(lead.own, LAST, "bevestigen")
    assert "Ja, zoals toegezegd" in text(mine, confirmed)
    no_reason = mine.post(confirmed, {"hours": "60", "version": "0"})
    assert (no_reason.status_code, 'value="60"' in no_reason.content.decode()) == (422, True)
    assert mine.post(confirmed, {"as_pledged": "1", "version": "0"}).status_code == 302
    assert mine.post(confirmed, {"as_pledged": "1", "version": "0"}).status_code == 302
    assert mine.post(confirmed, {"hours": "60", "reason": "Anders"}).status_code == 422
    assert mine.get(confirmed).status_code == 302
    correct = page_of(lead.own, LAST, "verbeteren")
    assert 'value="70"' in mine.post(correct, {"hours": "70", "reason": "", "version": "1"}).content.decode()
    assert mine.post(correct, {"hours": "70", "reason": "Vergeten", "version": "1"}).status_code == 302
    assert mine.post(page_of(lead.own, LAST, "delen"), {"sharing": "published"}).status_code == 302
    page = text(mine, f"{page_of(lead.own)}?jaar={LAST}")
    assert "Bevestiging verbeterd: 70 uur" in page
    assert str(lead.user) in page
    mine.force_login(lead.cast.person("partner", leads=True).user)
    assert mine.get(there).status_code == 403
    assert "Bevestiging verbeterd" not in text(mine, f"{page_of(lead.own)}?jaar={LAST}")


def test_what_we_brought_and_took_is_for_ourselves_alone(client: Client, lead: Person) -> None:
    make_contribution(lead.own, LAST, sharing="published")
    held = make_activity(lead.own, "held", title="Onze sessie")
    take_part(held, lead.user, lead.own)
    take_part(make_activity(lead.cast.other, "held", title="Hun sessie"), lead.user, lead.own)
    hidden = make_activity(lead.cast.other, "held", title="Alleen voor genodigden", audience="interested")
    take_part(hidden, make_user(), lead.own)
    make_bottleneck(lead.own, "draft", title="Nog geheim")
    make_question(lead.own, title="Wat mag er?")
    theirs = published_for(lead.cast.other, "everybody")
    LessonUse.objects.create(lesson=theirs, organisation=lead.own, applies_since=today())
    client.force_login(lead.user)
    page = text(client, f"{page_of(lead.own)}?jaar={THIS}")
    for title in ("Onze sessie", "Hun sessie", "Wat mag er?"):
        assert title in page, title
    assert "Nog geheim" not in page
    assert text(client, f"{page_of(lead.own)}?jaar={LAST}").count("Niets geteld.") == 2, "a year without anything"
    for role in ("coordinator", "steering", "partner", "visitor"):
        client.logout()
        if role != "visitor":
            client.force_login(lead.cast.person(role).user)
        assert "Onze sessie" not in text(client, page_of(lead.own)), role


def test_a_colleague_counts_only_what_they_may_see() -> None:
    cast = Cast()
    company = cast.person("partner")
    closed = make_activity(cast.other, "held", audience="cop")
    take_part(closed, make_user(), company.own)
    assert of_organisation(company.user, company.own.pk, range(LAST, THIS + 1), THIS).is_empty
    take_part(closed, company.user, company.own)
    seen = of_organisation(company.user, company.own.pk, range(LAST, THIS + 1), THIS)
    assert [(line.kind.key, line.numbers[-1]) for line in seen.took] == [("attended", 1)]


def test_sums_of_the_country_need_five_organisations() -> None:
    for _number in range(4):
        make_bottleneck(make_city(), "network")
    make_bottleneck(make_city(), "draft")
    line = national([LAST, THIS]).brought[0]
    assert (line.kind.key, list(line.numbers)) == ("bottlenecks", [0, None])
    make_bottleneck(make_city(), "published")
    assert list(national([LAST, THIS]).brought[0].numbers) == [0, 5]


def test_what_goes_to_programmes_shows_as_the_programme_lets_it() -> None:
    cast = Cast()
    company = make_organisation(Group.COMPANY)
    for phase in ("preparation", "execution"):
        part = make_partner(make_programme(cast.other, phase, title=phase), company, joined_on=date(LAST, 5, 1))
        HoursEstimate.objects.create(partner=part, year=LAST, hours=70)

    def seen(actor: object) -> set[tuple[str, int, int | None]]:
        lines = (line for source in given_elsewhere for line in source(actor, company))
        return {(str(line.label), line.year, line.hours_given) for line in lines}

    assert seen(None) == {("execution", LAST, 70), ("execution", THIS, None)}
