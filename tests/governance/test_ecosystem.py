"""The ecosystem: what of it somebody sees, what a choice leaves, and that drawing and table say the same."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from activities.models.programme_partner import Answer
from cities.models import Theme
from governance.models import Body, Seat
from governance.models.organisation import Group
from governance.selectors_ecosystem import all_lines, by_group, chosen, most_tied
from governance.services.reference import load_reference
from nss_portal.core.access.standing import Actor
from tests.access.cast import SINCE, Cast, make_organisation
from tests.activities.programmes import make_partner, make_programme

pytestmark = pytest.mark.django_db
PAGE = "/sturing/ecosysteem/"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def cast() -> Cast:
    return Cast()


def programme(
    cast: Cast, title: str, *, partners: int = 2, sharing: str = "published", theme: str = "heat"
) -> Any:
    domain = Theme.objects.get_or_create(code=theme, defaults={"label_nl": theme, "label_en": theme})[0]
    made = make_programme(cast.other, "execution", title=title, sharing=sharing, domain=domain)
    for number in range(partners):
        make_partner(made, make_organisation(Group.COMPANY, name=f"Bedrijf {title} {number}"), answer=Answer.YES)
    make_partner(
        made, make_organisation(Group.COMPANY, name=f"Afvaller {title}"), answer=Answer.NO, why="Geen tijd"
    )
    return made


def seen(actor: Actor) -> set[tuple[str, str, str]]:
    return {(line.who.name, line.tied.label, str(line.tied.role)) for line in all_lines(actor)}


def test_who_leads_sits_coordinates_and_said_yes_is_tied_and_nobody_else(cast: Cast) -> None:
    programme(cast, "Warmte")
    programme(cast, "Concept", sharing="draft")
    body = Body.objects.create(code="stuurgroep", label_nl="Stuurgroep", label_en="Steering group")
    Seat.objects.create(body=body, organisation=cast.mandating, is_chair=True, valid_from=SINCE)
    Seat.objects.create(body=body, organisation=cast.advised, valid_from=SINCE, valid_to=SINCE)
    found = seen(cast.person("visitor").user)
    assert (cast.other.name, "Warmte", "leidt het") in found
    assert ("Bedrijf Warmte 1", "Warmte", "doet mee") in found
    assert (cast.mandating.name, "Stuurgroep", "zit voor") in found
    assert cast.coordinating.name in {name for name, _thing, role in found if role == "coördineert"}
    assert not [name for name, thing, _role in found if "Afvaller" in name or thing == "Concept"]
    assert cast.advised.name not in {name for name, _thing, _role in found}


def test_a_choice_leaves_a_theme_and_those_with_whom_an_organisation_works(cast: Cast) -> None:
    programme(cast, "Warmte")
    programme(cast, "Laden", theme="mobility")
    lines = all_lines(cast.person("visitor").user)
    assert {line.tied.label for line in chosen(lines, "mobility", "")} == {"Laden"}
    one = next(line.who.public_id for line in lines if line.who.name == "Bedrijf Warmte 0")
    assert {line.who.name for line in chosen(lines, "", one)} == {
        cast.other.name,
        "Bedrijf Warmte 0",
        "Bedrijf Warmte 1",
    }
    assert not chosen(lines, "mobility", one)
    assert most_tied(lines, one)[0][0].name == "Bedrijf Warmte 0"
    counted = {(row.group, row.label): (row.number, row.weight) for row in by_group(lines)}
    assert counted[Group.COMPANY, "heat"] == (2, 1)


def test_page_draws_and_tells_the_same_in_every_variant_and_bears_wrong_choices(client: Client) -> None:
    load_reference()
    programme(Cast(), "Warmte")
    text = client.get(PAGE).content.decode()
    assert text.count('class="chart__svg"') == 4  # two drawings, each for a column and for a phone
    assert "Hetzelfde als tabel" in text
    for code in ("cities-lead", "national-lead", "independent-lead"):
        answer = client.get(PAGE, {"variant": code})
        assert "Mede-eigenaar" in answer.content.decode()
    # Only of the variant in force one knows who coordinates.
    assert "Onafhankelijke organisatie" in client.get(PAGE, {"variant": "independent-lead"}).content.decode()
    wrong = client.get(PAGE, {"variant": "x", "thema": "'", "organisatie": "zzzz", "page": "99"})
    assert wrong.status_code == 200
    chosen_one = client.get(PAGE, {"thema": "heat"}).content.decode()
    assert "Bedrijf Warmte 1" in chosen_one
    assert "The ecosystem" in client.get(f"/en{PAGE}").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_for_one_programme_as_for_three(
    cast: Cast, client: Client, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        programme(cast, f"Programma {number}", partners=rows)
    with django_assert_num_queries(7):
        client.get(PAGE)
