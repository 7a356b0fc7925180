"""The walker: every cell of `permissions.csv`, tried with a real person on real records."""

from collections.abc import Iterator

import pytest

from nss_portal.core.access import may, resources
from nss_portal.core.access.resources import allowed
from tests.access.cast import VARIANTS, Cast, Person
from tests.access.matrix import DOORS, MANNERS, ROLES, Sample, load_factories, load_matrix

MATRIX = load_matrix()
FACTORIES = load_factories()

# Resources that the walker tries on records. One that comes to life is added here in the same change.
WALKED = {
    "account",
    "audit_log",
    "annual_review",
    "bottleneck",
    "commitment",
    "contact_person",
    "contract",
    "emissions",
    "governance",
    "governance_variant",
    "involvement",
    "lesson",
    "municipality",
    "review_round",
    "transition_team",
}
# Registered by their app, but without typical records in its `tests/<app>/matrix.py` yet; has to become empty.
NOT_WALKED_YET: set[str] = set()
# The rest of the matrix, for later.
NOT_BUILT_YET = {
    "activity",
    "activity_workspace",
    "agenda_period",
    "assessment",
    "contract_standard",
    "contribution",
    "covenant",
    "desk_directory",
    "desk_question",
    "eoi_analysis",
    "eoi_submission",
    "knowledge_product",
    "meeting",
    "news",
    "pathway",
    "programme",
    "proposition",
    "report",
    "roadmap_progress",
    "signal",
}


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


def acts_on(sample: Sample, resource: str, action: str, person: Person) -> bool:
    """What the matrix says: may the person do this with the record."""
    cell = MATRIX[resource, action][person.role]
    if action == "view":
        cell += "+published"
    if sample.open_by(cell, person):
        return True
    manner = bool(set(cell.split("+")) & MANNERS)
    return manner and (seen(sample, resource, person) or (resource, "view") not in MATRIX)


def seen(sample: Sample, resource: str, person: Person) -> bool:
    """What the matrix says: a right to do something with a record includes seeing it."""
    cells = [row[person.role] for (name, _action), row in MATRIX.items() if name == resource]
    cells += ["published"] if (resource, "view") in MATRIX else []
    return any(sample.open_by(cell, person) for cell in cells)


@pytest.mark.django_db
@pytest.mark.parametrize(("resource", "action", "role", "cell", "variant", "leads"), CELLS)
def test_cell(resource: str, action: str, role: str, cell: str, variant: str, leads: bool) -> None:
    person = Cast(variant).person(role, leads=leads)
    samples = list(FACTORIES[resource](person))
    keys = [sample.record.pk for sample in samples]
    by_key = dict(zip(keys, [sample.label for sample in samples], strict=True))

    expected = {s.label for s in samples if acts_on(s, resource, action, person)}
    found = {
        by_key[pk]
        for pk in allowed(person.user, resource, action).filter(pk__in=keys).values_list("pk", flat=True)
    }
    assert found == expected, f"{resource}.{action} for {role}: the cell says {cell!r}"
    assert {s.label for s in samples if may(person.user, resource, action, s.record)} == expected

    if action == (resources()[resource].view):
        model = type(samples[0].record)
        visible = model._default_manager.visible_to(person.user).filter(pk__in=keys)
        assert {by_key[record.pk] for record in visible} == {s.label for s in samples if seen(s, resource, person)}
        assert len({record.pk for record in visible}) == len(visible), "a record came twice"


@pytest.mark.django_db
@pytest.mark.parametrize(("resource", "action", "role", "cell", "variant", "leads"), CELLS)
def test_cell_without_a_record(
    resource: str, action: str, role: str, cell: str, variant: str, leads: bool
) -> None:
    """Whether a button may be there at all: the person holds a word of the cell."""
    person = Cast(variant).person(role, leads=leads)
    held = set(cell.split("+")) - {"no"}
    held -= set() if leads else {"own-lead"}
    assert may(person.user, resource, action) == bool(held)


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
