"""What changed between two versions of the standard approach, part by part; works on records that were read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cities.models import TransitionStep
from contracts.models.standard import StandardItem
from contracts.models.standard_change import ChangeAct, ItemKind, StandardChange
from governance.models.organisation import Group
from nss_portal.core.formats import format_number
from nss_portal.core.worddiff import Piece, compared


@dataclass(frozen=True)
class FieldDiff:
    """One field of a part, before and after; texts come in pieces, word by word."""

    name: str
    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class ItemDiff:
    """One part that is new, gone or different, with the proposals that it comes out of."""

    kind: str
    code: str
    act: str
    title: str
    fields: tuple[FieldDiff, ...] = ()
    item: StandardItem | None = None
    old: StandardItem | None = None
    changes: list[Any] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Name the part in forms and addresses."""
        return f"{self.kind}-{self.code}"

    @property
    def kind_label(self) -> str:
        """Name the kind of part."""
        return str(ItemKind(self.kind).label)

    @property
    def act_label(self) -> str:
        """Say what happened to the part."""
        return {ChangeAct.ADD: _("new"), ChangeAct.DROP: _("left out")}.get(ChangeAct(self.act), _("changed"))

    @property
    def tone(self) -> str:
        """Give the tone of its mark."""
        return {ChangeAct.ADD: "good", ChangeAct.DROP: "bad"}.get(ChangeAct(self.act), "info")


def differences(
    old: Mapping[str, Sequence[StandardItem]],
    new: Mapping[str, Sequence[StandardItem]],
    changes: Iterable[StandardChange] = (),
) -> list[ItemDiff]:
    """Give what differs between the parts of two versions, by kind and in the order of the newer one.

    Both map a kind to its parts in order. `changes` are the proposals that were taken over between the two.
    """
    found: list[ItemDiff] = []
    for kind in ItemKind.values:
        before = {item.code: item for item in old.get(kind, ())}
        after = {item.code: item for item in new.get(kind, ())}
        for code, item in after.items():
            was = before.get(code)
            if was is None:
                found.append(ItemDiff(kind, code, ChangeAct.ADD, item.title, item=item))
            elif fields := fields_between(was, item.values()):
                found.append(ItemDiff(kind, code, ChangeAct.CHANGE, item.title, tuple(fields), item, was))
        gone = [item for code, item in before.items() if code not in after]
        found += [ItemDiff(kind, item.code, ChangeAct.DROP, item.title, old=item) for item in gone]
    by_key: dict[tuple[str, str], list[StandardChange]] = {}
    for change in changes:
        by_key.setdefault((change.kind, change.code), []).append(change)
    for one in found:
        one.changes.extend(by_key.get((one.kind, one.code), ()))
    return found


def fields_between(item: StandardItem, values: Mapping[str, Any]) -> list[FieldDiff]:
    """Give the fields of a part that other values differ in, those of the other language only if nothing else."""
    found = [
        field_diff(item, name, getattr(item, name), value)
        for name, value in values.items()
        if getattr(item, name) != value
    ]
    other = "_nl" if get_language() == "en" else "_en"
    return [one for one in found if not one.name.endswith(other)] or found


def field_diff(item: StandardItem | type[StandardItem], name: str, before: Any, after: Any) -> FieldDiff:
    """Put one field in words, before and after."""
    label = label_of(item, name)
    if isinstance(before, str) and isinstance(after, str) and name[-3:] in ("_nl", "_en"):
        return FieldDiff(name, label, before, after, tuple(compared(before, after)))
    return FieldDiff(name, label, in_words(item, name, before), in_words(item, name, after))


def label_of(item: StandardItem | type[StandardItem], name: str) -> str:
    """Give the name of a field."""
    return str(item._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def in_words(item: StandardItem | type[StandardItem], name: str, value: Any) -> str:
    """Put a value of a part in words; a dash where there is none."""
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "groups":
        return ", ".join(str(Group(one).label) for one in value)
    if name == "steps":
        labels = {step.code: step.label for step in TransitionStep.objects.all()}
        return ", ".join(labels.get(one, one) for one in value)
    if isinstance(value, Decimal | int):
        return plain(Decimal(value))
    choices: Any = dict(item._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
    return str(choices.get(value, value))


def plain(value: Decimal | None) -> str:
    """Write a number with as many decimals as it has, three at most; a dash where there is none."""
    if value is None:
        return "–"
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return format_number(value, len(text.partition(".")[2]))
