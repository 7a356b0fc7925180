"""A record as an archive takes it: what it is, what happened to it, who may read it, and its file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.utils import translation

from nss_portal.core import pdf
from nss_portal.core.access import Actor
from nss_portal.core.models import ReportFormat
from nss_portal.core.registry import archive_sources, lowest_first
from nss_portal.core.reports import services
from nss_portal.core.reports.making import context_of
from nss_portal.core.reports.registry import kind_named

# The archive of a Dutch structure takes Dutch.
LANGUAGE = "nl"


@dataclass(frozen=True)
class ArchiveEvent:
    """What happened to a record, and when: 'Ondertekening'. `is_mdto`: the word is one of MDTO's own list."""

    label: str
    on: date
    is_mdto: bool = False


@dataclass(frozen=True)
class Involved:
    """Who had to do with a record, and as what: ('Ondertekenaar', 'Gemeente Delft')."""

    role: str
    name: str


@dataclass(frozen=True)
class ArchiveRecord:
    """One record. `key` is unique and never changes ('klimaatcontract/k7m2p9/2'); texts are Dutch.

    `made` gives the PDF/A when it is asked for. A record that is not `is_public` says in `restriction` why, and
    goes along only in an export that takes such records.
    """

    key: str
    name: str
    kind: str
    on: date
    made: Callable[[], bytes]
    url: str
    events: Sequence[ArchiveEvent] = ()
    involved: Sequence[Involved] = ()
    places: Sequence[str] = ()
    description: str = ""
    is_public: bool = True
    restriction: str = ""
    names_persons: bool = False


def all_records(year: int | None, *, with_restricted: bool) -> Iterator[ArchiveRecord]:
    """Give the records of a year (of all years without one) that apps hand to the archive, in Dutch."""
    with translation.override(LANGUAGE):
        for source in lowest_first(archive_sources):
            for record in source(year):
                if record.is_public or with_restricted:
                    yield record


def reader(*, is_public: bool) -> Actor:
    """Give on whose behalf a record is read: what everybody sees, or, for a restricted one, all of it."""
    users: Any = get_user_model()._default_manager
    return AnonymousUser() if is_public else users.system()


def sealed_report(kind_name: str, ref: str) -> bytes:
    """Give the sealed PDF of a report, the very file that the portal hands out where there is one."""
    users: Any = get_user_model()._default_manager
    _report, content = services.make_here(
        kind=kind_name, object_ref=ref, format=ReportFormat.PDF, language=LANGUAGE, actor=users.system()
    )
    return content


def archived_report(kind_name: str, record: Model, *, is_public: bool) -> bytes:
    """Make a report that is not sealed otherwise as sealed PDF/A, with what everybody, or the portal, sees."""
    kind = kind_named(kind_name)
    with translation.override(LANGUAGE):
        shown = kind.collect(record, reader(is_public=is_public))
        digest = shown.digest(kind=kind.name, edition=kind.edition, language=LANGUAGE)
        context = context_of(kind, shown, digest)
    return archived_document(kind.template, context, title=shown.title, version=shown.version)


def archived_document(template: str, context: dict[str, Any], *, title: str, version: str) -> bytes:
    """Make a sealed PDF/A-3 (and PDF/UA) of a template that extends `reports/print/base.html`."""
    made = pdf.render(template, context, language=LANGUAGE, title=title, variant=pdf.archive.VARIANT)
    return pdf.seal.sealed(made, reason=f"{title}, {version}")
