"""Typical reports for the walker."""

from collections.abc import Iterator

from django.db.models import Model

from nss_portal.core.models import Report
from tests.access.cast import Person
from tests.access.matrix import Sample, records_of


def report_about(organisation: Model | None, ref: str) -> Report:
    """Make a report about something of an organisation, asked for by nobody in particular."""
    return Report.objects.create(
        kind="contract",
        object_ref=ref,
        object_label=ref,
        format="pdf",
        language="nl",
        organisations=[organisation.pk] if organisation else [],
        requested_by_label="test",
    )


@records_of("report")
def reports(person: Person) -> Iterator[Sample]:
    cast = person.cast
    if person.own is not None:
        yield Sample.of("about the own", report_about(person.own, "own"), "own")
    yield Sample.of(
        "about the advised city",
        report_about(cast.advised, "advised"),
        *(["advised"] if person.role == "advisor" else []),
    )
    yield Sample.of("about another city", report_about(cast.other, "other"))
    yield Sample.of("about nobody's", report_about(None, "national"))
