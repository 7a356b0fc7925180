"""A party without an account fills in its part by a personal link: the pages, and what goes wrong on them."""

import logging
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from cities.models import Bottleneck
from contracts.models import Effort, PartyReview
from contracts.services.review.answers import Answer, save_effort
from contracts.services.review.links import link_actor, link_for, renew_link, token_for
from contracts.services.review.rounds import close_round
from nss_portal.core import jobs
from nss_portal.core.access import NotAllowed
from tests.access.cast import Cast, join, make_city, make_organisation, make_user
from tests.contracts.reviewing import YEAR, Contract, answer_all, hand_in, make_contract, opened, system

pytestmark = pytest.mark.django_db


def path_of(part: PartyReview, rest: str = "") -> str:
    return f"/herijking/{token_for(part)}/{rest}"


def asked(**fields: int) -> tuple[Contract, PartyReview]:
    """A party (number 1) of which three things are asked: two actions and one promise."""
    contract = make_contract(parties=2, actions=4, commitments=1, **fields)
    opened()
    return contract, contract.part(1)


def form(effort: Effort, **answer: str) -> dict[str, str]:
    return {
        "status": "on_course",
        "reason": "",
        "obstacle": "",
        "learned": "",
        "expected_kt": "100",
        "version": str(effort.revision),
        **answer,
    }


def test_a_party_walks_its_part_by_link_and_hands_it_in(client: Client) -> None:
    _contract, part = asked()
    page = client.get(path_of(part))
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "strict-origin"
    assert "no-store" in page["Cache-Control"]
    efforts = list(part.efforts.all())
    for number, effort in enumerate(efforts, start=1):
        assert client.get(path_of(part, f"{number}/")).status_code == 200
        answer = client.post(path_of(part, f"{number}/"), form(effort))
        following = f"{number + 1}/" if number < len(efforts) else "controleren/"
        assert answer["Location"] == path_of(part, following)
    assert client.get(path_of(part, "controleren/")).status_code == 200
    assert client.post(path_of(part, "controleren/"))["Location"] == path_of(part, "ontvangst/")
    assert client.get(path_of(part, "ontvangst/")).status_code == 200
    part.refresh_from_db()
    assert part.state == "submitted"
    assert part.submitted_by_label.startswith(part.party.name)


@pytest.mark.parametrize("text", ["veertig", "-3", "1e9", "1.2.3", "12,5,0", "٣", "0x10", "1,2345"])
def test_an_effort_that_is_no_number_is_told_so_and_what_was_typed_stays(client: Client, text: str) -> None:
    _contract, part = asked()
    effort = part.efforts.all()[0]
    page = client.post(
        path_of(part, "1/"), form(effort, status="behind", reason="Wachten op net", expected_kt=text)
    )
    assert page.status_code == 422
    html = page.content.decode()
    assert "Wachten op net" in html
    assert f'value="{text}"' in html
    assert 'id="error-summary"' in html
    effort.refresh_from_db()
    assert effort.revision == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [("12,5", "12.5"), ("12.5", "12.5"), ("1.234,5", "1234.5"), ("95 kt", "95"), ("0", "0"), ("", None)],
)
def test_numbers_as_people_write_them(client: Client, text: str, value: str | None) -> None:
    _contract, part = asked()
    effort = part.efforts.all()[0]
    assert client.post(path_of(part, "1/"), form(effort, expected_kt=text)).status_code == 302
    effort.refresh_from_db()
    assert effort.expected_kt == (None if value is None else Decimal(value))


def test_a_megabyte_of_text_is_refused_with_its_limit_and_not_lost(client: Client) -> None:
    _contract, part = asked()
    effort = part.efforts.all()[0]
    text = "Netcongestie. " * 75_000
    page = client.post(path_of(part, "1/"), form(effort, status="behind", reason=text))
    assert page.status_code == 422
    html = page.content.decode()
    assert "4000" in html or "4.000" in html
    assert text.strip() in html
    effort.refresh_from_db()
    assert effort.reason == ""


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"status": ""}, "status"),
        ({"status": "behind"}, "reason"),
        ({"status": "ahead"}, "reason"),
        ({"status": "stopped", "expected_kt": "0"}, "reason"),
        ({"status": "stopped", "reason": "Op", "expected_kt": ""}, "expected_kt"),
        ({"status": "stopped", "reason": "Op", "expected_kt": "100"}, "expected_kt"),
        ({"status": "blocked"}, "obstacle"),
        ({"status": "zomaar"}, "status"),
    ],
)
def test_each_answer_asks_for_what_it_needs(client: Client, answer: dict[str, str], field: str) -> None:
    _contract, part = asked()
    page = client.post(path_of(part, "1/"), form(part.efforts.all()[0], **answer))
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]


def test_later_keeps_a_draft_that_is_not_complete(client: Client) -> None:
    _contract, part = asked()
    effort = part.efforts.all()[0]
    answer = client.post(path_of(part, "1/"), form(effort, status="blocked", then="later"))
    assert answer["Location"] == path_of(part)
    effort.refresh_from_db()
    assert effort.status == "blocked"
    assert client.post(path_of(part, "controleren/")).status_code == 422


def test_a_form_that_a_colleague_overtook_shows_both_texts_and_loses_none(client: Client) -> None:
    _contract, part = asked()
    effort = part.efforts.all()[0]
    save_effort(
        effort=effort, answer=Answer("behind", reason="Van mijn collega"), revision=0, actor=link_actor(part)
    )
    page = client.post(path_of(part, "1/"), form(effort, status="behind", reason="Van mij"))
    html = page.content.decode()
    assert page.status_code == 409
    assert "Van mijn collega" in html
    assert "Van mij<" in html
    effort.refresh_from_db()
    assert effort.reason == "Van mijn collega"
    again = {
        **form(effort, status="behind", reason="Van ons allebei"),
        "version": page.context["form"]["version"].value(),
    }
    assert client.post(path_of(part, "1/"), again).status_code == 302
    effort.refresh_from_db()
    assert effort.reason == "Van ons allebei"


def test_the_same_answer_twice_is_no_conflict(client: Client) -> None:
    _contract, part = asked()
    effort = part.efforts.all()[0]
    assert client.post(path_of(part, "1/"), form(effort)).status_code == 302
    assert client.post(path_of(part, "1/"), form(effort)).status_code == 302
    effort.refresh_from_db()
    assert effort.revision == 1


def test_autosave_keeps_what_it_can_and_says_what_it_cannot(client: Client) -> None:
    _contract, part = asked()
    effort = part.efforts.all()[0]
    path = path_of(part, "1/bewaren/")
    saved = client.post(path, form(effort, status="behind", reason="Half een zin", expected_kt="vee"))
    assert saved.status_code == 200
    assert saved.json()["version"] == 1
    effort.refresh_from_db()
    assert (effort.reason, effort.expected_kt) == ("Half een zin", 100)
    overtaken = client.post(path, form(Effort(revision=0), status="behind", reason="Iets anders"))
    assert overtaken.status_code == 409
    assert overtaken.json()["message"]


def test_last_years_answer_is_said_first_and_taken_over_with_one_click(client: Client) -> None:
    contract = make_contract(parties=2, actions=4, commitments=1)
    opened(YEAR - 1)
    before = contract.part(1, YEAR - 1)
    hand_in(before, link_actor(before), [Answer("on_course", expected_kt=Decimal(80))])
    opened(YEAR)
    part = contract.part(1)
    html = client.get(path_of(part, "1/")).content.decode()
    assert "80" in html
    assert "/zelfde/" in html
    answer = client.post(path_of(part, "1/zelfde/"), {"version": "0"})
    assert answer["Location"] == path_of(part, "2/")
    effort = part.efforts.all()[0]
    assert (effort.status, effort.expected_kt) == ("on_course", 80)


def test_last_years_setback_cannot_be_taken_over(client: Client) -> None:
    contract = make_contract(parties=2, actions=4, commitments=1)
    opened(YEAR - 1)
    before = contract.part(1, YEAR - 1)
    hand_in(before, link_actor(before), [Answer("behind", reason="Te laat", expected_kt=Decimal(80))])
    opened(YEAR)
    part = contract.part(1)
    assert "/zelfde/" not in client.get(path_of(part, "1/")).content.decode()
    client.post(path_of(part, "1/zelfde/"), {"version": "0"})
    assert part.efforts.all()[0].status == ""
    assert "Te laat" in client.get(path_of(part, "1/")).content.decode()


def test_the_effect_on_the_contract_is_said_beside_the_number(client: Client) -> None:
    _contract, part = asked()
    html = client.get(path_of(part, "1/effect/?expected_kt=76")).content.decode()
    assert "524" in html, "500 by the contract, and 24 less reduction"
    assert "124" in html, "above the target of 400"
    assert client.get(path_of(part, "1/effect/?expected_kt=veel")).status_code == 200


def test_an_obstacle_that_is_known_already_is_named_while_it_is_typed(client: Client) -> None:
    _contract, part = asked()
    texts = {"organisation": make_city(), "title": "Netcongestie in de binnenstad"}
    known = Bottleneck.objects.create(
        **texts, state="open", sharing="published", description="Het stroomnet is vol."
    )
    hidden = Bottleneck.objects.create(**{**texts, "title": "Netcongestie geheim"}, state="draft", sharing="draft")
    html = client.get(path_of(part, "1/lijkt-op/?obstacle=netcongestie+op+ons+terrein")).content.decode()
    assert known.get_absolute_url() in html
    assert hidden.title not in html, "a link opens nothing that is not published"
    assert known.title not in client.get(path_of(part, "1/lijkt-op/?obstacle=")).content.decode()
    assert known.title not in client.get(path_of(part, "1/lijkt-op/?obstacle=geen+mensen")).content.decode()
    assert client.get(path_of(part, "99/lijkt-op/")).status_code == 404
    # Without a script it stands there once the answer was saved.
    effort = part.efforts.all()[0]
    answer = Answer("blocked", obstacle="Netcongestie op ons terrein")
    save_effort(effort=effort, answer=answer, revision=0, actor=link_actor(part))
    assert known.title in client.get(path_of(part, "1/")).content.decode()


def test_a_part_handed_in_twice_says_when_and_by_whom(client: Client) -> None:
    _contract, part = asked()
    hand_in(part, link_actor(part))
    page = client.post(path_of(part, "controleren/"))
    assert page.status_code == 409
    assert link_actor(part).label in page.content.decode()
    typed = client.post(path_of(part, "1/"), form(part.efforts.all()[0], status="behind", reason="Te laat getypt"))
    assert typed.status_code == 409
    assert "Te laat getypt" in typed.content.decode()


def test_after_closing_the_link_says_so_and_what_was_typed_stays(client: Client) -> None:
    _contract, part = asked()
    answer_all(part, link_actor(part))
    close_round(year=YEAR, actor=system())
    jobs.run_all_here("contracts.close_round")
    page = client.get(path_of(part))
    assert page.status_code == 410
    assert str(YEAR) in page.content.decode()
    typed = client.post(path_of(part, "1/"), form(part.efforts.all()[0], status="behind", reason="Net te laat"))
    assert typed.status_code == 409
    assert "Net te laat" in typed.content.decode()
    assert client.post(path_of(part, "controleren/")).status_code == 409
    part.refresh_from_db()
    assert part.state == "started"


@pytest.mark.parametrize(
    "change", [lambda token: token[:-2] + "xx", lambda token: "onzin", lambda token: token.replace("~", ".")]
)
def test_a_wrong_link_gets_a_clear_page(client: Client, change: object) -> None:
    _contract, part = asked()
    page = client.get(f"/herijking/{change(token_for(part))}/")  # type: ignore[operator]
    assert page.status_code == 404
    assert "link" in page.content.decode()


def test_a_renewed_link_makes_the_old_one_worthless_and_opens_nothing_else(client: Client) -> None:
    contract, part = asked()
    old = path_of(part)
    renew_link(part=part, actor=contract.team())
    assert client.get(old).status_code == 404
    part.refresh_from_db()
    assert client.get(path_of(part)).status_code == 200
    with pytest.raises(NotAllowed):
        renew_link(part=part, actor=Cast().person("partner").user)
    other = contract.part(0)
    with pytest.raises(NotAllowed):
        save_effort(effort=other.efforts.all()[0], answer=Answer("on_course"), revision=0, actor=link_actor(part))


def test_tokens_stay_out_of_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    _contract, part = asked()
    with caplog.at_level(logging.DEBUG, logger="django.request"):
        client.get(path_of(part, "99/"))
        client.get(f"/herijking/{token_for(part)[:-1]}/")
    handler = logging.Handler()
    from nss_portal.core.logs import HideTokens

    handler.addFilter(HideTokens())
    for record in caplog.records:
        handler.filter(record)
        assert part.link_nonce not in record.getMessage()


def test_a_link_is_a_whole_address_of_the_portal() -> None:
    _contract, part = asked()
    assert link_for(part) == settings.NSS_BASE_URL + path_of(part)


def test_somebody_with_an_account_for_the_party_comes_by_the_ordinary_page(client: Client) -> None:
    contract = make_contract(parties=2, actions=4)
    organisation = make_organisation()
    opened()
    part = contract.part(1)
    user = make_user()
    join(user, organisation)
    client.force_login(user)
    assert client.get(path_of(part)).status_code == 200, "no account for this party: the link itself is the right"
    team = contract.team()
    client.force_login(team)
    expected = reverse("contracts:review_part", args=[contract.record.public_id, YEAR, part.public_id])
    assert client.get(path_of(part))["Location"] == expected


def test_pages_of_a_part_cost_the_same_whatever_their_rows(client: Client, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    small, large = (
        make_contract(parties=2, actions=2, commitments=0),
        make_contract(parties=2, actions=6, commitments=0),
    )
    opened()
    for contract in (small, large):
        part = contract.part(1)
        for rest, queries in (("", 2), ("1/", 3), ("controleren/", 2)):
            client.get(path_of(part, rest))
            with django_assert_num_queries(queries):
                client.get(path_of(part, rest))
