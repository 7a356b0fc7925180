"""A part with many promises in one table: saved in few queries, pasted with a look first, nothing lost."""

import io
from typing import Any

import openpyxl
import pytest
from django.test import Client

from contracts.models import Effort
from contracts.services.review.answers import Answer, save_effort
from contracts.services.review.bulk import Given, save_efforts
from contracts.services.review.links import link_actor, link_for
from contracts.services.review.rounds import close_round
from nss_portal.core.access import NotAllowed
from tests.contracts.reviewing import YEAR, Contract, hand_in, make_contract, opened, system

pytestmark = pytest.mark.django_db

MANY = 120


@pytest.fixture
def large() -> Contract:
    contract = make_contract(parties=1, actions=MANY, commitments=2)
    opened()
    return contract


def address(contract: Contract, part: int = 0) -> str:
    base = f"/klimaatcontracten/{contract.record.public_id}/herijking/{YEAR}/"
    return f"{base}deel/{contract.part(part).public_id}/tabel/"


def sent(contract: Contract, **fields: str) -> dict[str, str]:
    """What a browser sends of the table: all rows as they are, with these fields in their place."""
    efforts = list(contract.part(0).efforts.order_by("order"))
    data = {
        "versions": ",".join(f"{number}:{one.revision}" for number, one in enumerate(efforts, 1)),
        "do": "save",
    }
    for number, one in enumerate(efforts, start=1):
        data |= {f"status-{number}": one.status, f"text-{number}": one.reason, f"learned-{number}": one.learned}
        if one.action_id:
            data[f"kt-{number}"] = f"{one.expected_kt.normalize():f}" if one.expected_kt is not None else ""
    return data | {name.replace("_", "-"): value for name, value in fields.items()}


def test_a_large_city_fills_in_and_saves_all_in_few_queries(
    client: Client, large: Contract, django_assert_max_num_queries: Any
) -> None:
    client.force_login(large.team())
    path = address(large)
    client.get(path)
    with django_assert_max_num_queries(15):
        page = client.get(path)
    assert page.content.decode().count("<select") == MANY + 2
    filled = client.post(path, {**sent(large), "do": "rest"})
    assert filled.content.decode().count(">nieuw<") == MANY + 2
    assert not Effort.objects.exclude(status="").exists(), "it was filled in, not saved"
    answers = sent(large, **{f"status_{number}": "on_course" for number in range(1, MANY + 3)})
    with django_assert_max_num_queries(30):
        answer = client.post(path, answers)
    assert answer["Location"].endswith("/controleren/"), "all is there"
    assert Effort.objects.filter(status="on_course").count() == MANY + 2


def test_what_is_right_is_saved_and_what_is_wrong_comes_back_with_all_that_was_typed(
    client: Client, large: Contract
) -> None:
    client.force_login(large.team())
    wrong = {"status_2": "behind", "text_2": "Later", "kt_2": "veel", "status_3": "blocked", "text_4": "Y" * 4001}
    page = client.post(address(large), sent(large, status_1="on_course", **wrong))
    html = page.content.decode()
    assert page.status_code == 422
    efforts = list(large.part(0).efforts.order_by("order"))
    assert (efforts[0].status, efforts[1].status, efforts[3].reason) == ("on_course", "", "")
    assert efforts[2].status == "blocked", "kept as a draft, and shown as not complete"
    for kept in ('value="veel"', "Later</textarea>", "Y" * 4001, "3 rijen"):
        assert kept in html
    again = sent(
        large, status_2="behind", text_2="Later", kt_2="80,5", status_3="blocked", text_3="Het net zit vol."
    )
    assert client.post(address(large), again).status_code == 302
    efforts = list(large.part(0).efforts.order_by("order"))
    assert (efforts[1].reason, str(efforts[1].expected_kt)) == ("Later", "80.500")
    assert (efforts[2].obstacle, efforts[2].reason) == ("Het net zit vol.", "")


def test_a_colleague_who_was_first_is_not_overwritten_unknowingly(client: Client, large: Contract) -> None:
    client.force_login(large.team())
    mine = sent(large, status_1="behind", text_1="Van mij")
    effort = large.part(0).efforts.order_by("order")[0]
    save_effort(effort=effort, answer=Answer("ahead", "Van hen"), revision=0, actor=large.team())
    page = client.post(address(large), mine)
    html = page.content.decode()
    assert page.status_code == 422
    assert "Van hen" in html
    assert "Van mij</textarea>" in html
    effort.refresh_from_db()
    assert effort.reason == "Van hen"
    assert client.post(address(large), {**mine, "versions": page.context["table"].versions}).status_code == 302
    effort.refresh_from_db()
    assert effort.reason == "Van mij"


def test_rows_of_a_spreadsheet_are_looked_at_first(client: Client, large: Contract) -> None:
    client.force_login(large.team())
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address(large)}bestand/").content))
    heads = [cell.value for cell in book.worksheets[0][1]]
    assert heads[:4] == ["Nr.", "Belofte", "Vorig jaar", "Hoe het ervoor staat"]
    rows = [
        "\t".join(heads),
        "2\tActie 1\t\tAchter\t70\tLater klaar\tVroeger beginnen",
        "\tActie 4\t\ton course",
        "3\t\t\tprima",
        "999\t\t\tLoopt",
    ]
    page = client.post(address(large), sent(large, status_7="stopped", do="paste", rows="\n".join(rows)))
    html = page.content.decode()
    assert not Effort.objects.exclude(status="").exists()
    assert page.context["filled"] == 2
    assert "prima" in html
    assert "999" in html
    typed = {row.number: row.typed for row in page.context["table"].rows}
    assert typed[2] == {"status": "behind", "kt": "70", "text": "Later klaar", "learned": "Vroeger beginnen"}
    assert typed[5]["status"] == "on_course"
    assert typed[7]["status"] == "stopped", "what was typed before stays"
    assert client.post(address(large), sent(large, do="paste", rows=" ")).status_code == 422


def test_last_years_answers_are_taken_over_at_once(large: Contract) -> None:
    hand_in(large.part(0), large.team())
    close_round(year=YEAR, actor=system())
    from nss_portal.core import jobs

    jobs.run_all_here("contracts.close_round")
    opened(YEAR + 1)
    part = large.part(0, YEAR + 1)
    browser = Client()
    browser.force_login(large.team())
    path = address(large).replace(f"/{YEAR}/", f"/{YEAR + 1}/").rsplit("deel", 1)[0]
    answer = browser.post(f"{path}deel/{part.public_id}/zelfde/", {"then": "table"})
    assert answer["Location"].endswith("/tabel/")
    assert part.efforts.filter(status="on_course").count() == MANY + 2


def test_by_link_and_for_nobody_else(client: Client) -> None:
    contract = make_contract(parties=2, actions=6)
    other = make_contract()
    opened()
    part = contract.part(1)
    assert client.get(f"{link_for(part).removeprefix('https://portaal.example')}tabel/").status_code == 200
    effort = part.efforts.all()[0]
    given = {effort.pk: Given(Answer("on_course"), 0)}
    with pytest.raises(NotAllowed):
        save_efforts(part=part, given=given, actor=other.team())
    stranger = contract.part(0).efforts.all()[0]
    outcome = save_efforts(part=part, given={stranger.pk: given[effort.pk]}, actor=link_actor(part))
    assert not outcome.saved, "an effort of another part is not there"
    client.force_login(other.team())
    assert client.get(address(contract, 1)).status_code == 404
    hand_in(part, link_actor(part))
    client.force_login(contract.team())
    assert client.get(address(contract, 1)).status_code == 302, "handed in: nothing to fill in"
