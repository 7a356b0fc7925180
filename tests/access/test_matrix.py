"""The walker: every cell of `permissions.csv`, tried with a real person on real records."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pytest
from django.db import transaction

from nss_portal.core.access import may, resources
from nss_portal.core.access.resources import allowed
from tests.access.cast import VARIANTS, Cast
from tests.access.matrix import DOORS, MANNERS, ROLES, Sample, load_factories, load_matrix

MATRIX = load_matrix()
FACTORIES = load_factories()

# Resources that the walker tries on records. One that comes to life is added here in the same change.
WALKED = {
    "account",
    "activity",
    "activity_workspace",
    "agenda_period",
    "annual_review",
    "assessment",
    "audit_log",
    "bottleneck",
    "commitment",
    "contact_person",
    "contract",
    "contract_standard",
    "contribution",
    "covenant",
    "desk_directory",
    "desk_question",
    "emissions",
    "eoi_analysis",
    "eoi_submission",
    "governance",
    "governance_variant",
    "involvement",
    "knowledge_product",
    "lesson",
    "meeting",
    "municipality",
    "news",
    "pathway",
    "programme",
    "roadmap_progress",
    "proposition",
    "report",
    "review_round",
    "signal",
    "transition_team",
}
# Registered by their app, but without typical records in its `tests/<app>/matrix.py` yet; has to become empty.
NOT_WALKED_YET: set[str] = set()
# The rest of the matrix, for later.
NOT_BUILT_YET: set[str] = set()


def variants_of(role: str) -> tuple[str, ...]:
    """The coordinator is tried in every governance variant; to the others it makes no difference."""
    return VARIANTS if role == "coordinator" else ("national-lead",)


def each_cell() -> Iterator[object]:
    """Every cell of the walked rows, per variant, and as lead and not where that makes a difference."""
    for (resource, action), row in MATRIX.items():
        if resource not in WALKED:
            continue
        for role in ROLES:
            lead_counts = any("own-lead" in MATRIX[key][role] for key in MATRIX if key[0] == resource)
            for variant in variants_of(role):
                for leads in (False, True) if lead_counts else (False,):
                    name = f"{resource}.{action}-{role}"
                    name += f"-{variant}" if len(variants_of(role)) > 1 else ""
                    name += "-lead" if leads else ""
                    yield pytest.param(resource, action, role, row[role], variant, leads, id=name)


CELLS = list(each_cell())


def acts_on(sample: Sample, resource: str, action: str, role: str, leads: bool) -> bool:
    """What the matrix says: may the person do this with the record."""
    cell = MATRIX[resource, action][role]
    if action == "view":
        cell += "+published"
    if sample.open_by(cell, leads):
        return True
    manner = bool(set(cell.split("+")) & MANNERS)
    return manner and (seen_by(sample, resource, role, leads) or (resource, "view") not in MATRIX)


def seen_by(sample: Sample, resource: str, role: str, leads: bool) -> bool:
    """What the matrix says: a right to do something with a record includes seeing it."""
    cells = [row[role] for (name, _action), row in MATRIX.items() if name == resource]
    cells += ["published"] if (resource, "view") in MATRIX else []
    return any(sample.open_by(cell, leads) for cell in cells)


@dataclass(frozen=True)
class Seen:
    """What the code lets one person do with the typical records of one resource."""

    samples: tuple[Sample, ...]
    leads: bool
    allowed: Mapping[str, set[str]]
    may: Mapping[str, set[str]]
    may_at_all: Mapping[str, bool]
    visible: list[str]


@cache
def observe(resource: str, role: str, variant: str, leads: bool) -> Seen:
    """Make the person and the records, ask the code about every action, and take all of it back again.

    The cells of one resource and role share this: what is kept are names, no records.
    """
    with transaction.atomic():
        person = Cast(variant).person(role, leads=leads)
        samples = tuple(FACTORIES[resource](person))
        names = {sample.record.pk: sample.label for sample in samples}
        actions = resources()[resource].actions
        has_view = resources()[resource].view in actions
        queryset = type(samples[0].record)._default_manager.filter(pk__in=names)
        seen = Seen(
            samples=samples,
            leads=person.leads,
            allowed={
                action: {
                    names[record.pk] for record in allowed(person.user, resource, action).filter(pk__in=names)
                }
                for action in actions
            },
            may={
                action: {s.label for s in samples if may(person.user, resource, action, s.record)}
                for action in actions
            },
            may_at_all={action: may(person.user, resource, action) for action in actions},
            visible=[names[record.pk] for record in queryset.visible_to(person.user)] if has_view else [],
        )
        assert len(names) == len(samples), f"{resource}: a typical record is yielded twice"
        transaction.set_rollback(True)
    return seen


@pytest.mark.django_db
@pytest.mark.parametrize(("resource", "action", "role", "cell", "variant", "leads"), CELLS)
def test_cell(resource: str, action: str, role: str, cell: str, variant: str, leads: bool) -> None:
    found = observe(resource, role, variant, leads)
    words = f"{resource}.{action} for {role}: the cell says {cell!r}"
    expected = {s.label for s in found.samples if acts_on(s, resource, action, role, found.leads)}
    assert found.allowed[action] == expected, words
    assert found.may[action] == expected, words

    held = set(cell.split("+")) - {"no"}
    held -= set() if found.leads else {"own-lead"}
    assert found.may_at_all[action] == bool(held), f"{words}; without a record"

    if action == resources()[resource].view:
        in_sight = {s.label for s in found.samples if seen_by(s, resource, role, found.leads)}
        assert sorted(found.visible) == sorted(in_sight), f"{words}; each record once"


def test_every_registered_resource_is_walked() -> None:
    assert set(FACTORIES) == WALKED
    assert set(resources()) == WALKED | NOT_WALKED_YET


def test_rows_in_code_equal_the_matrix() -> None:
    in_code = {
        (name, action): {str(role): word for role, word in row.items()}
        for name, resource in resources().items()
        for action, row in resource.actions.items()
    }
    assert in_code == {key: row for key, row in MATRIX.items() if key[0] in resources()}


def needed_words(resource: str) -> set[str]:
    """The words of a resource's rows that speak of records."""
    words = {
        w for (name, _a), row in MATRIX.items() if name == resource for c in row.values() for w in c.split("+")
    }
    return words - {"all", "no", "own-lead"} - MANNERS - DOORS


@pytest.mark.django_db
@pytest.mark.parametrize("resource", sorted(WALKED))
def test_typical_records_try_every_word(resource: str) -> None:
    """A word that no record has, or that all have, is a word that the walker cannot judge."""
    cast = Cast()
    people = [cast.person(role) for role in ROLES]
    samples = [(person.role, sample) for person in people for sample in FACTORIES[resource](person)]
    for word in needed_words(resource):
        roles = {
            role
            for (name, _a), row in MATRIX.items()
            if name == resource
            for role in ROLES
            if word in row[role].split("+")
        }
        with_word = {role for role, sample in samples if word in sample.words}
        without = {role for role, sample in samples if word not in sample.words}
        assert roles <= with_word, f"{resource}: no record with {word!r} for {roles - with_word}"
        assert roles <= without, f"{resource}: no record without {word!r} for {roles - without}"


def test_what_is_not_built_yet() -> None:
    """The resources still to come; together with the registered ones they are the whole matrix."""
    assert {name for name, _action in MATRIX} - set(resources()) == NOT_BUILT_YET
