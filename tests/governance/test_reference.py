"""Reference data: repeatable, and never over what people edited."""

import pytest

from governance.models import GovernanceVariant, Organisation, VariantPoint, VariantRole
from governance.models.organisation import HELIX_GROUPS, Group
from governance.services.reference import TEXTS, load_reference
from tests.access.cast import make_organisation

pytestmark = pytest.mark.django_db


def test_the_second_time_changes_nothing() -> None:
    first = load_reference()
    counts = [model.objects.count() for model in (Organisation, GovernanceVariant, VariantPoint, VariantRole)]
    second = load_reference()
    kinds = {
        "organisations": 35,
        "governance variants": 3,
        "design questions": 11,
        "structures of other countries": 4,
        "programmes that tie in": 17,
        "asked actions": 22,
    }
    assert first == [f"{kind}: {number}, of which new {number}" for kind, number in kinds.items()]
    assert second == [f"{kind}: {number}, of which new 0" for kind, number in kinds.items()]
    assert counts == [
        model.objects.count() for model in (Organisation, GovernanceVariant, VariantPoint, VariantRole)
    ]


def test_what_people_edited_stays_and_is_reported() -> None:
    load_reference()
    Organisation.objects.filter(code="rvo").update(website="https://elders.example")
    GovernanceVariant.objects.filter(code="cities-lead").update(goal_nl="Anders")
    lines = load_reference()
    assert "organisation rvo: kept as edited (website)" in lines
    assert "variant cities-lead: kept as edited (goal_nl)" in lines
    assert Organisation.objects.get(code="rvo").website == "https://elders.example"


def test_an_organisation_that_was_there_under_its_name_is_taken_on() -> None:
    there = make_organisation(Group.FINANCIAL, name="BNG Bank")
    load_reference()
    there.refresh_from_db()
    assert there.code == "bng"


def test_the_task_of_bzk_and_ezk_has_moved() -> None:
    load_reference()
    moved = Organisation.objects.exclude(successor=None).values_list("code", "successor__code", "succeeded_on")
    assert {(code, to, day.isoformat()) for code, to, day in moved} == {
        ("bzk", "vro", "2024-07-02"),
        ("ezk", "kgg", "2024-07-02"),
    }


def test_every_variant_has_all_texts_in_both_languages() -> None:
    load_reference()
    assert GovernanceVariant.objects.count() == 3
    for variant in GovernanceVariant.objects.prefetch_related("points", "roles"):
        for name in TEXTS:
            texts = {getattr(variant, f"{name}_nl"), getattr(variant, f"{name}_en")}
            assert all(texts), (variant.code, name)
            assert len(texts) == 2, (variant.code, name)
        assert {point.kind for point in variant.points.all()} == {"advantage", "drawback"}
        assert variant.roles.count() >= 14
    national = VariantRole.objects.filter(variant__code="national-lead", part="owner").get()
    assert national.organisation_nl.startswith("BZK")


def test_every_group_is_in_one_strand() -> None:
    assert sorted(group for groups in HELIX_GROUPS.values() for group in groups) == sorted(Group)
