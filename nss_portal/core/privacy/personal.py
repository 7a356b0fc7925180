"""Where persons occur: each app says it of its own models (`registry.personal_records`).

A test holds what is said against all foreign keys to accounts, all addresses and all columns of text.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import CharField, EmailField, JSONField, Model, Q, SlugField, TextField
from django.db.models.functions import Cast

from nss_portal.core.models import AuditEvent
from nss_portal.core.registry import Text, lowest_first, personal_records

# Columns that hold neither a name nor anybody's words, whatever the model: identifiers, keys and hashes.
TECHNICAL = frozenset({"public_id", "key", "code", "digest", "sha256", "data_sha256", "link_hash", "token_hash"})


@dataclass(frozen=True)
class Personal:
    """How one model ('app.Model') knows of persons.

    `by` are the foreign keys to who wrote the row, `people` those to whom it concerns otherwise. `names` are
    columns that hold just somebody's name, `addresses` just an e-mail address, `blank` what is emptied when the
    person of the row goes. In all other columns of text stand words (`words` are those that sound like a name and
    are none); `logs` are those that the portal itself wrote, so that any row may name somebody. Rows with `goes`
    leave with the person, or those of them that meet `drops`. `signed` are columns in which a name stays for
    ever, `because` tells why. `hidden` are columns that nobody gets a copy of. `also` gives more rows that are
    somebody's. Without a `label` the row is no record of its own to who asks for a copy.
    """

    model: str
    label: Text = ""
    by: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()
    because: Text = ""
    words: tuple[str, ...] = ()
    logs: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    goes: bool = False
    drops: Callable[[], Q] | None = None
    also: "Callable[[Person], Q] | None" = None

    @property
    def cls(self) -> Any:
        """The model itself."""
        return apps.get_model(self.model)

    @property
    def accounts(self) -> tuple[str, ...]:
        """All foreign keys to accounts."""
        return self.by + self.people

    @property
    def texts(self) -> list[str]:
        """The columns with words: every column of text that is said to be nothing else."""
        elsewhere = {*self.names, *self.addresses, *self.signed}
        return [field.attname for field in texts_of(self.cls) if field.attname not in elsewhere]

    def rows(self) -> Any:
        """Give all rows, whoever may see them."""
        return self.cls._base_manager.order_by()

    def of(self, person: "Person") -> Q:
        """Give the condition that a row is somebody's: by account, by address, by the name that stands in it."""
        found = Q(pk__in=[])
        if person.user is not None:
            for name in self.accounts:
                found |= Q(**{name: person.user})
        for name in self.addresses:
            found |= _like(name, person.addresses)
        for name in self.names:
            found |= self.named(person, name)
        return found | self.also(person) if self.also else found

    def named(self, person: "Person", column: str) -> Q:
        """Give the condition that the name in a column is this person's.

        The account that belongs to the column says so; where there is none, the name does. Of two people of one
        name only what the log knows to be this person's counts.
        """
        account = column.removesuffix("_label")
        if person.user is not None and account in self.accounts:
            return Q(**{account: person.user})
        if not person.names:
            return Q(pk__in=[])
        same = Q(**{f"{column}__in": person.names})
        if person.has_namesake:
            same &= Q(pk__in=person.touched(self.cls)) | self._by_account(person)
        return same

    def _by_account(self, person: "Person") -> Q:
        found = Q(pk__in=[])
        for name in self.accounts if person.user is not None else ():
            found |= Q(**{name: person.user})
        return found


@dataclass(frozen=True)
class Person:
    """Somebody as the portal knows them: an account with all names and addresses it had, or an address alone."""

    user: Any = None
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    @classmethod
    def of_account(cls, user: Any) -> "Person":
        """Give the person of an account, with former names and other addresses."""
        label = user._meta.label_lower
        own = AuditEvent.objects.filter(object_type=label, object_id=str(user.pk), changes__has_key="name")
        names = {user.name}
        for said in own.values_list("changes__name", flat=True):
            names.update(said if isinstance(said, list) else [said])
        addresses = {user.email, *user.emailaddress_set.values_list("email", flat=True)}
        return cls(user, tuple(sorted(filter(None, names))), tuple(sorted(one.lower() for one in addresses)))

    @classmethod
    def of_address(cls, address: str) -> "Person":
        """Give the person of whom only an address is known."""
        return cls(addresses=(address.strip().lower(),))

    @cached_property
    def has_namesake(self) -> bool:
        """Whether another account bears one of the names."""
        others: Any = get_user_model()._default_manager.filter(name__in=self.names)
        return bool(others.exclude(pk=getattr(self.user, "pk", None)).exists())

    def touched(self, model: type[Model]) -> list[Any]:
        """Give the keys of the records of a model that the log knows this person to have changed."""
        if self.user is None:
            return []
        events = AuditEvent.objects.filter(actor_id=self.user.pk, object_type=model._meta.label_lower).order_by()
        return [int(key) for key in events.values_list("object_id", flat=True).distinct() if key.isdigit()]


def _like(column: str, values: tuple[str, ...]) -> Q:
    found = Q(pk__in=[])
    for value in values:
        found |= Q(**{f"{column}__iexact": value})
    return found


def all_personal() -> list[Personal]:
    """Give what the apps say of their models, lowest floor first."""
    found = [one for source in lowest_first(personal_records) for one in source()]
    return [one for one in found if isinstance(one, Personal)]


def without_persons() -> dict[str, Text]:
    """Give the models that hold nothing of persons, each with the reason; apps register them as pairs."""
    found = [one for source in lowest_first(personal_records) for one in source()]
    return {one[0]: one[1] for one in found if not isinstance(one, Personal)}


def texts_of(model: Any) -> Iterator[Any]:
    """Give a model's own columns in which free text can stand."""
    for field in model._meta.local_concrete_fields:
        is_text = isinstance(field, CharField | TextField | JSONField) and not isinstance(field, SlugField)
        if is_text and not field.choices and field.name not in TECHNICAL:
            yield field


def is_address(field: Any) -> bool:
    """Say whether a column holds an e-mail address."""
    return isinstance(field, EmailField)


def as_text(column: str) -> Cast:
    """Read a column as text, JSON too."""
    return Cast(column, TextField())
