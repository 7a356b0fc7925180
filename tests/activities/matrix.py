"""Typical lessons, as the matrix's words see them."""

from collections.abc import Iterator

from django.utils import timezone

from activities.models import KnowledgeProduct, Lesson, News
from activities.workflow import SHARING
from governance.models import Organisation
from tests.access.cast import Person
from tests.access.matrix import Sample, records_of
from tests.activities import matrix_desk, matrix_programmes

__all__ = ["matrix_desk", "matrix_programmes"]


def make_lesson(organisation: Organisation, state: str = "draft", **fields: object) -> Lesson:
    """Make a lesson about an organisation in a state, shared as that state asks."""
    fields.setdefault("title", "Eén aanbesteding voor alle scholen")
    fields.setdefault("what_worked", "Samen inkopen scheelde een half jaar.")
    fields.setdefault("author_organisation", organisation)
    sharing = "draft" if fields.get("revision_of") else SHARING[state]
    return Lesson.objects.create(organisation=organisation, state=state, sharing=sharing, **fields)


def published_for(organisation: Organisation, *audiences: str) -> Lesson:
    """Make a lesson that is published for chosen audiences."""
    lesson = make_lesson(organisation, "published", audiences=list(audiences))
    if "everybody" not in audiences:
        Lesson.objects.filter(pk=lesson.pk).update(sharing="network")
        lesson.refresh_from_db()
    return lesson


# How far somebody reads along by the level of the own municipality: of mission 3, of interested 1.
REACH = {"visitor": 0, "partner": 0, "member": 1}


def _for(person: Person, least: int) -> tuple[str, ...]:
    return ("published",) if REACH.get(person.role, 3) >= least else ()


def _for_partners(person: Person) -> tuple[str, ...]:
    return () if person.role in {"visitor", "member", "team", "signatory"} else ("published",)


@records_of("knowledge_product")
def products(person: Person) -> Iterator[Sample]:
    """Knowledge products by whose they are and where they stand."""
    cast = person.cast
    if person.own:
        yield Sample.of("own draft", make_product(person.own), "own")
        yield Sample.of("own, published", make_product(person.own, "published"), "own")
    yield Sample.of("draft of another", make_product(cast.other), hidden=True)
    yield Sample.of("of another, published", make_product(cast.other, "published"))
    yield Sample.of("of another, withdrawn", make_product(cast.other, "withdrawn"))


def make_product(organisation: Organisation, state: str = "draft", **fields: object) -> KnowledgeProduct:
    """Make a knowledge product of an organisation."""
    values = {"kind": "guide", "title": "Handreiking warmtenet", "summary": "Voor projectleiders."}
    values |= {"url": "https://voorbeeld.example/gids", "state": state, **fields}
    if state == "published":
        values.setdefault("published_at", timezone.now())
    return KnowledgeProduct.objects.create(organisation=organisation, **values)


@records_of("news")
def news(person: Person) -> Iterator[Sample]:
    """News by where it stands; who brings news works on all of it."""
    for state in ("draft", "published", "withdrawn"):
        yield Sample.of(state, make_news(person.cast.other, state))


def make_news(organisation: Organisation, state: str = "draft", **fields: object) -> News:
    """Make a news item of an organisation."""
    fields.setdefault("title", "Handreiking verschenen")
    fields.setdefault("text", "Er is een nieuwe handreiking.")
    if state == "published":
        fields.setdefault("published_at", timezone.now())
    return News.objects.create(organisation=organisation, state=state, **fields)


@records_of("lesson")
def lessons(person: Person) -> Iterator[Sample]:
    """Lessons by whom they are about and where they stand."""
    cast = person.cast
    if person.own:
        yield Sample.of("own draft", make_lesson(person.own), "own")
        yield Sample.of("own, withdrawn", make_lesson(person.own, "withdrawn"), "own")
    yield Sample.of("draft of another", make_lesson(cast.other), hidden=True)
    yield Sample.of("released by another", make_lesson(cast.other, "released"), "network")
    yield Sample.of("of another, being edited", make_lesson(cast.other, "review"), "network")
    yield Sample.of("of another, published", make_lesson(cast.other, "published"), "network", "published")
    yield Sample.of("of another, withdrawn", make_lesson(cast.other, "withdrawn"))
    yield Sample.of(
        "of another, published for mission cities", published_for(cast.other, "mission"), *_for(person, 3)
    )
    yield Sample.of(
        "of another, published for interested", published_for(cast.other, "interested"), *_for(person, 1)
    )
    yield Sample.of(
        "of another, published for partners", published_for(cast.other, "partners"), *_for_partners(person)
    )
    revision = make_lesson(cast.other, revision_of=published_for(cast.advised, "everybody"))
    yield Sample.of("draft of a new version by another", revision, hidden=True)
    yield Sample.of("draft of the advised city", make_lesson(cast.advised), hidden=True)


from tests.activities import matrix_activity, matrix_workspace  # noqa: E402, F401 - made with those above
