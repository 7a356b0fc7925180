"""The kinds of report: apps register them, the core makes them."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.apps import apps
from django.db.models import Model
from django.utils.functional import Promise

from nss_portal.core.access import Actor, resources
from nss_portal.core.exports import Sheet, plain
from nss_portal.core.models import ReportFormat
from nss_portal.core.pdf.archive import Attached

Text = str | Promise


@dataclass(frozen=True)
class Snapshot:
    """What a report shows, as plain data: dictionaries, lists, texts, numbers, dates.

    `title` names the document, `subtitle` stands under it, `version` says in words what it shows ('version 3,
    adopted on 3 March 2027'). `data` holds all that template and sheets need, so that the file follows from it.
    """

    title: str
    data: Mapping[str, Any]
    subtitle: str = ""
    version: str = ""

    def digest(self, *, kind: str, edition: int, language: str) -> str:
        """Give the SHA-256 of the data with all else that decides what the file says."""
        whole = {
            "kind": kind,
            "edition": edition,
            "language": language,
            "title": self.title,
            "subtitle": self.subtitle,
            "version": self.version,
            "data": plain(self.data),
        }
        text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Choice:
    """A record that one may ask a report about: how it is named in commands, how for people, and whose it is."""

    ref: str
    label: str
    organisations: frozenset[int] = frozenset()


class ReportKind:
    """One kind of report; a subclass says what it is about and what it shows.

    `edition` goes up when the template changes, so that unchanged data gives a new file.
    """

    name: ClassVar[str]
    resource: ClassVar[str]
    formats: ClassVar[tuple[str, ...]]
    label: ClassVar[Text]
    description: ClassVar[Text] = ""
    template: ClassVar[str] = ""
    lookup: ClassVar[str] = "public_id"
    edition: ClassVar[int] = 1
    # A PDF to keep: PDF/A-3 with `attached` inside, sealed by the portal (`core.pdf.seal`).
    is_sealed: ClassVar[bool] = False

    def find(self, actor: Actor, ref: str) -> Model | None:
        """Give the record of this name that the actor may see, or None."""
        model: Any = apps.get_model(resources()[self.resource].model)
        found: Model | None = model._default_manager.visible_to(actor).filter(**{self.lookup: ref}).first()
        return found

    def choices(self, actor: Actor) -> Iterable[Choice]:
        """Give the records that the actor sees, for the form, with their organisations.

        The form keeps those that the matrix lets the actor ask about; without any the kind is not offered.
        """
        return ()

    def organisations(self, record: Model) -> frozenset[int]:
        """Give the primary keys of the organisations whose record it is ('own' in the matrix)."""
        return frozenset()

    def is_public(self, record: Model) -> bool:
        """Say whether everybody may have this report: only where it shows nothing but what is published."""
        return False

    def collect(self, record: Model, actor: Actor) -> Snapshot:
        """Gather what the report shows, in the language that is active; no more than the actor may see."""
        raise NotImplementedError

    def context(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Give the template what it needs: the data, and charts made of it."""
        return dict(data)

    def attached(self, data: Mapping[str, Any]) -> Sequence[Attached]:
        """Give the files that go along inside a sealed PDF."""
        return ()

    def sheets(self, data: Mapping[str, Any]) -> Sequence[Sheet]:
        """Give the sheets of the XLSX."""
        raise NotImplementedError


_kinds: dict[str, ReportKind] = {}
K = TypeVar("K", bound=type[ReportKind])


def kind(name: str, *, resource: str, formats: Sequence[str]) -> Callable[[K], K]:
    """Register the class below as a kind of report; raises ValueError for an unknown format or a name taken."""
    unknown = set(formats) - set(ReportFormat.values)
    if unknown:
        raise ValueError(f"{name}: unknown formats {sorted(unknown)}")

    def register(cls: K) -> K:
        known = _kinds.get(name)
        if known is not None and type(known).__qualname__ != cls.__qualname__:
            raise ValueError(f"two kinds of report named {name!r}")
        cls.name, cls.resource, cls.formats = name, resource, tuple(formats)
        _kinds[name] = cls()
        return cls

    return register


def kinds() -> Mapping[str, ReportKind]:
    """Give all kinds by name, in the order in which they were registered."""
    return _kinds


def kind_named(name: str) -> ReportKind:
    """Give a kind; raises LookupError when there is none of that name."""
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"there is no kind of report named {name!r}") from None
