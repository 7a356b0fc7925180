"""Typical records of the cities, as the matrix's words see them."""

from collections.abc import Iterator

from django.utils import timezone

from cities.models import Bottleneck, InvolvementRequest, Municipality, Theme
from governance.models import Organisation
from governance.models.organisation import Group
from tests.access.cast import Person, make_city
from tests.access.matrix import Sample, records_of
from tests.cities import eoi, matrix_propositions, matrix_roadmap

# Read here, so that the walker finds the records of Expressions of Interest too.
__all__ = ["eoi", "matrix_propositions", "matrix_roadmap"]


@records_of("municipality")
def municipalities(person: Person) -> Iterator[Sample]:
    """Municipalities are public."""
    yield Sample.of("a mission city", person.cast.other.municipality)
    yield Sample.of("another municipality", make_city("other").municipality)


def _request(organisation: Organisation) -> InvolvementRequest:
    return InvolvementRequest.objects.create(
        municipality=Municipality.objects.get(organisation=organisation),
        name="Duurzaamheid",
        email="duurzaamheid@gemeente.example",
        position="adviseur",
        motivation="Meedoen",
        verified_at=timezone.now(),
    )


@records_of("involvement")
def requests(person: Person) -> Iterator[Sample]:
    """Requests to take part, of the own municipality and of another."""
    yield Sample.of("of another municipality", _request(make_city("other")))
    if person.own and person.own.group == Group.MUNICIPALITY:
        yield Sample.of("of the own municipality", _request(person.own), "own")


def make_theme(code: str = "energy-heat") -> Theme:
    """Give a theme, made when it is not there."""
    return Theme.objects.get_or_create(code=code, defaults={"label_nl": f"Thema {code}", "label_en": code})[0]


def make_bottleneck(organisation: Organisation, sharing: str = "draft", **fields: object) -> Bottleneck:
    """Make a bottleneck: a draft, or an open one that is shared."""
    if "theme" not in fields:
        fields["theme"] = make_theme()
    fields.setdefault("severity", "considerable")
    fields.setdefault("state", "draft" if sharing == "draft" else "open")
    fields.setdefault("title", "Netaansluiting duurt drie jaar")
    fields.setdefault("description", "De netbeheerder kan pas in 2029 aansluiten.")
    return Bottleneck.objects.create(organisation=organisation, sharing=sharing, **fields)


def _merged(organisation: Organisation, sharing: str) -> Bottleneck:
    """Make a bottleneck that went on in another, which is none of the records that are walked."""
    target = make_bottleneck(organisation, "network")
    return make_bottleneck(organisation, sharing, state="merged", merged_into=target)


@records_of("bottleneck")
def bottlenecks(person: Person) -> Iterator[Sample]:
    """Bottlenecks by whose they are and how widely they are shared."""
    cast = person.cast
    if person.own:
        yield Sample.of("own draft", make_bottleneck(person.own), "own")
        yield Sample.of("own, open but kept to ourselves", make_bottleneck(person.own, state="open"), "own")
        invited = make_bottleneck(cast.other)
        invited.invited.set([person.own, cast.advised])
        yield Sample.of("draft to which one is invited", invited, "invited", hidden=True)
    yield Sample.of("draft of another", make_bottleneck(cast.other), hidden=True)
    yield Sample.of("of another, for the network", make_bottleneck(cast.other, "network"), "network")
    yield Sample.of("of another, published", make_bottleneck(cast.other, "published"), "network", "published")
    yield Sample.of("of another, solved", make_bottleneck(cast.other, "network", state="solved"), "network")
    yield Sample.of("of another, gone on in another", _merged(cast.other, "network"), "network")
    if person.own:
        yield Sample.of("own, gone on in another", _merged(person.own, "draft"), "own")
    yield Sample.of("draft where a mandate was given", make_bottleneck(cast.mandating), "mandate", hidden=True)
    yield Sample.of("draft of the advised city", make_bottleneck(cast.advised), hidden=True)
    shared = make_bottleneck(cast.advised, "network")
    yield Sample.of("of the advised city, shared", shared, "advised", "network")


from tests.cities import matrix_signals  # noqa: E402, F401 - its records are made with those above
