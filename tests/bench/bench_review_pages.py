"""Every page of the yearly review at national scale: 342 contracts in a round; queries and time."""

from collections.abc import Callable

import pytest
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from contracts.models import AnnualReview, Blockade, PartyReview, ReviewRound
from contracts.services.review.blockades import blockades_for
from contracts.services.review.links import link_for
from governance.models import Membership, User
from tests.bench.measure import medians, queries_of
from tests.bench.pages import person
from tests.figures import Figures

# Without this mark no test database is made, and the national data would come into the one that is named.
pytestmark = pytest.mark.django_db

MOST_MILLISECONDS = 100.0


def measure(figures: Figures, name: str, client: Client, address: str) -> None:
    """Note queries and time of a page with nothing kept; the time that is limited is that of the processor."""
    figures.record(f"review, {name}: queries", queries_of(client, address), "", at_most=15)
    clock, processor = medians(lambda: client.get(address), lambda: None)[0]
    note = f"{clock:.1f} ms on the clock"
    figures.record(f"review, {name}: processor", processor, "ms", at_most=MOST_MILLISECONDS, note=note)


def current() -> ReviewRound:
    return ReviewRound.objects.light().filter(state="open").get()


def own() -> AnnualReview:
    """Give the open review of the team's city."""
    mine = Membership.objects.filter(user=person("team")).values("organisation")
    reviews = AnnualReview.objects.filter(round=current(), contract__municipalities__organisation__in=mine)
    return reviews.select_related("contract", "round")[0]


def part(*, leading: bool = True) -> PartyReview:
    parts = PartyReview.objects.filter(review=own(), party__is_leading=leading, efforts__isnull=False)
    return parts.exclude(state="submitted").order_by("pk")[0]


def of_part(name: str, **kwargs: object) -> str:
    review = own()
    address = {"public_id": review.contract.public_id, "year": review.round.year, "part": part().public_id}
    return reverse(f"contracts:review_{name}", kwargs={**address, **kwargs})


def largest_link(rest: str = "") -> str:
    """Give a page behind the personal link of the party that is asked most."""
    parts = PartyReview.objects.filter(review__round=current(), party__organisation__isnull=True)
    asked = parts.exclude(state="submitted").annotate(asked=Count("efforts")).order_by("-asked", "pk")
    path = link_for(asked[0]).partition("/herijking/")[2]
    return f"/herijking/{path}{rest}"


def board(query: str = "") -> str:
    return f"{current().get_absolute_url()}{query}"


PAGES: dict[str, tuple[str, Callable[[], str]]] = {
    "rounds": ("coordinator", lambda: reverse("contracts:rounds")),
    "board": ("coordinator", board),
    "board as a table": ("coordinator", lambda: board("?weergave=tabel")),
    "who needs help": ("coordinator", lambda: board("?hulp=1&weergave=tabel")),
    "parties without an address": ("coordinator", lambda: board("zonder-adres/")),
    "closing a round": ("coordinator", lambda: board("sluiten/")),
    "national policy": ("coordinator", lambda: reverse("contracts:policies")),
    "own review": ("team", lambda: own().get_absolute_url()),
    "own part": ("team", lambda: of_part("part")),
    "own part as a table": ("team", lambda: of_part("table")),
    "a promise": ("team", lambda: of_part("effort", number=1)),
    "last look": ("team", lambda: of_part("check")),
    "handing in": ("team", lambda: f"{own().get_absolute_url()}indienen/"),
    "by link: the part": ("visitor", largest_link),
    "by link: the table": ("visitor", lambda: largest_link("tabel/")),
    "by link: a promise": ("visitor", lambda: largest_link("1/")),
}


@pytest.mark.parametrize("name", PAGES)
def test_page(name: str, national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        who, address = PAGES[name]
        client = Client()
        if who != "visitor":
            client.force_login(person(who))
        measure(figures, name, client, address())


def test_blocked_actions(national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        teams = User.objects.filter(is_demo=True, memberships__function="team").order_by("pk")
        who = next(user for user in teams if blockades_for(user).exists())
        contract = Blockade.objects.filter(pk__in=blockades_for(who).values("pk"))[0].contract
        client = Client()
        client.force_login(who)
        path = reverse("contracts:blockades", args=[contract.public_id])
        measure(figures, "blocked actions", client, path)
