"""Typical records of governance, as the matrix's words see them."""

from collections.abc import Iterator

from django.db import transaction

from governance.models import GovernanceVariant, Membership
from governance.models.membership import ContactSharing, Function
from nss_portal.core import audit
from nss_portal.core.models.audit import Event
from tests.access.cast import Person, join, make_user, make_variant
from tests.access.matrix import Sample, records_of
from tests.governance import matrix_assessments, matrix_contributions, matrix_meetings

__all__ = ["matrix_assessments", "matrix_contributions", "matrix_meetings"]


@records_of("governance")
def organisations(person: Person) -> Iterator[Sample]:
    """Organisations are public."""
    yield Sample.of("a city", person.cast.other)
    if person.own:
        yield Sample.of("the own organisation", person.own)


@records_of("governance_variant")
def variants(person: Person) -> Iterator[Sample]:
    """The variant in force and another one."""
    yield Sample.of("the one in force", GovernanceVariant.objects.get(code=person.cast.variant))
    yield Sample.of("another", make_variant("another"))


@records_of("account")
def inviting(person: Person) -> Iterator[Sample]:
    """The organisations for which people are invited."""
    if person.own:
        yield Sample.of("the own organisation", person.own, "own")
    yield Sample.of("another organisation", person.cast.other)
    yield Sample.of("one that gave a mandate", person.cast.mandating)


def _contact(organisation: object, sharing: ContactSharing) -> Membership:
    contact = join(make_user(), organisation, Function.STAFF)
    contact.sharing = sharing
    contact.save()
    return contact


@records_of("contact_person")
def contacts(person: Person) -> Iterator[Sample]:
    """Colleagues, and people elsewhere."""
    if person.own:
        yield Sample.of("a colleague", _contact(person.own, ContactSharing.NETWORK), "own")
    yield Sample.of("elsewhere", _contact(person.cast.other, ContactSharing.PUBLISHED))
    yield Sample.of("where a mandate was given", _contact(person.cast.mandating, ContactSharing.OWN))


@records_of("transition_team")
def team_members(person: Person) -> Iterator[Sample]:
    """Contact persons by how widely they are shared."""
    cast = person.cast
    if person.own:
        yield Sample.of("a colleague kept to ourselves", _contact(person.own, ContactSharing.OWN), "own")
    yield Sample.of("elsewhere, kept to themselves", _contact(cast.other, ContactSharing.OWN))
    yield Sample.of("elsewhere, for the network", _contact(cast.other, ContactSharing.NETWORK), "network")
    yield Sample.of("elsewhere, published", _contact(cast.other, ContactSharing.PUBLISHED), "network", "published")
    yield Sample.of("where a mandate was given", _contact(cast.mandating, ContactSharing.OWN), "mandate")


@records_of("audit_log")
def events(person: Person) -> Iterator[Sample]:
    """Events in the name of the own organisation, about it, and elsewhere."""
    cast = person.cast
    with transaction.atomic():
        if person.own:
            somebody = make_user()
            yield Sample.of(
                "done for the own organisation",
                audit.record(actor=somebody, event=Event.CHANGED, obj=somebody, on_behalf_of=person.own),
                "own",
            )
            yield Sample.of(
                "done to the own organisation",
                audit.record(actor=somebody, event=Event.CHANGED, obj=person.own),
                "own",
            )
        other = make_user()
        yield Sample.of(
            "elsewhere", audit.record(actor=other, event=Event.CHANGED, obj=cast.other, on_behalf_of=cast.other)
        )
        yield Sample.of("for nobody", audit.record(actor=other, event=Event.LOGIN, obj=other))
