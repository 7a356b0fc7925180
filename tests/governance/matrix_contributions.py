"""Typical contributions, as the matrix's words see them."""

from collections.abc import Iterator

from django.utils import timezone

from governance.models import Contribution, Organisation
from governance.models.contribution import EARLIEST_YEAR
from tests.access.cast import Person
from tests.access.matrix import Sample, records_of


def make_contribution(organisation: Organisation, year: int | None = None, **fields: object) -> Contribution:
    """Make a pledge of 100 hours, unless the fields say otherwise; without a year in one that is free."""
    year = year or EARLIEST_YEAR + organisation.contributions.count()
    fields.setdefault("pledged_at", timezone.now())
    if fields["pledged_at"]:
        fields.setdefault("pledged_hours", 100)
    return Contribution.objects.create(organisation=organisation, year=year, **fields)


@records_of("contribution")
def contributions(person: Person) -> Iterator[Sample]:
    """Contributions by whose they are and with whom they are shared."""
    cast = person.cast
    if person.own:
        yield Sample.of("own, kept to ourselves", make_contribution(person.own), "own")
        yield Sample.of("own, asked for", make_contribution(person.own, pledged_at=None), "own")
    yield Sample.of("of another, kept to itself", make_contribution(cast.other))
    yield Sample.of("of another, shared", make_contribution(cast.other, sharing="network"), "network")
    published = make_contribution(cast.other, sharing="published")
    yield Sample.of("of another, published", published, "network", "published")
    yield Sample.of("where a mandate was given", make_contribution(cast.mandating))
