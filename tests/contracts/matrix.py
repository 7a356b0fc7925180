"""Typical records of the contracts, as the matrix's words see them."""

from collections.abc import Iterator

from contracts.models import ClimateContract, ContractStandard, EmissionSeries, PathwayScenario
from contracts.models.standard import DUTCH
from governance.models import Organisation
from governance.models.organisation import Group
from tests.access.cast import Person
from tests.access.matrix import Sample, records_of
from tests.contracts.make import (
    make_commitment,
    make_contract,
    make_party,
    make_published,
    make_review,
    make_round,
    make_series,
    make_source,
    make_version,
)
from tests.contracts.make_standard import make_change, make_standard_version


def _with_party(person: Person, state: str, **fields: object) -> ClimateContract:
    """A contract of another city that names the person's organisation."""
    contract = make_contract(person.cast.other, **fields)
    version = make_version(contract)
    make_party(version, person.own)
    type(version).objects.filter(pk=version.pk).update(state=state)
    return contract


def _is_city(person: Person) -> bool:
    return person.own is not None and person.own.group == Group.MUNICIPALITY


def _adopted(city: Organisation, sharing: str = "draft") -> ClimateContract:
    contract = make_contract(city, sharing=sharing)
    make_version(contract, "adopted")
    return contract


@records_of("contract")
def contracts(person: Person) -> Iterator[Sample]:
    """Contracts by whose they are, how widely they are shared and who is a party."""
    cast = person.cast
    if _is_city(person):
        own = make_contract(person.own)
        make_version(own)
        yield Sample.of("own first draft", own, "own", "own-party")
        joint = make_contract(cast.other, person.own)
        make_version(joint)
        yield Sample.of("own, together with another city", joint, "own")
    if person.own:
        yield Sample.of("names us, under internal review", _with_party(person, "internal_review"), "own-party")
        yield Sample.of("names us, still a draft", _with_party(person, "draft"))
    other = make_contract(cast.other)
    make_version(other)
    yield Sample.of("draft of another", other, hidden=True)
    yield Sample.of("of another, adopted and kept to itself", _adopted(cast.other), hidden=True)
    yield Sample.of("of another, for the network", _adopted(cast.other, "network"), "network")
    yield Sample.of("of another, published", make_published(cast.other), "network", "published")
    mandating = make_contract(cast.mandating)
    make_version(mandating)
    yield Sample.of("draft of a city that gave a mandate", mandating, "mandate", hidden=True)
    advised = make_contract(cast.advised)
    make_version(advised)
    yield Sample.of("unshared draft of the advised city", advised, hidden=True)
    yield Sample.of("of the advised city, adopted", _adopted(cast.advised), "advised", hidden=True)


@records_of("commitment")
def commitments(person: Person) -> Iterator[Sample]:
    """Promises of the own city's contract, of the own organisation, and of others."""
    if _is_city(person):
        version = make_version(make_contract(person.own))
        yield Sample.of("in the own contract", version.commitments.get(), "own")
    if person.own:
        version = make_version(make_contract(person.cast.other))
        ours = make_commitment(make_party(version, person.own))
        type(version).objects.filter(pk=version.pk).update(state="internal_review")
        yield Sample.of("our own, in another's contract", ours, "own-party")
        unseen = make_version(make_contract(person.cast.other))
        yield Sample.of("ours, while it is the city's draft", make_commitment(make_party(unseen, person.own)))
    version = make_version(make_contract(person.cast.other), "internal_review")
    yield Sample.of("another's", version.commitments.get())


def _series(city: Organisation) -> EmissionSeries:
    table = f"tabel {EmissionSeries.objects.count()}"
    return make_series(make_source(), table, municipality=city.municipality)


@records_of("emissions")
def emissions(person: Person) -> Iterator[Sample]:
    """Series of a municipality and of a contract."""
    if _is_city(person):
        yield Sample.of("of the own municipality", _series(person.own), "own")
        own = make_contract(person.own)
        yield Sample.of("of the own contract", make_series(make_source(), contract=own), "own")
    yield Sample.of("of another municipality", _series(person.cast.other))
    yield Sample.of("of one that gave a mandate", _series(person.cast.mandating), "mandate")


@records_of("annual_review")
def reviews(person: Person) -> Iterator[Sample]:
    """Reviews by whose they are, how far they are and how widely the contract is shared."""
    cast = person.cast
    if _is_city(person):
        yield Sample.of("of the own contract, under way", make_review(_adopted(person.own)), "own", "own-party")
    if person.own:
        contract = _with_party(person, "internal_review")
        yield Sample.of("in which we have a part", make_review(contract), "own-party")
    other = make_review(_adopted(cast.other, "network"))
    yield Sample.of("of another, under way", other, hidden=True)
    handed_in = make_review(_adopted(cast.other, "network"), "submitted")
    yield Sample.of("of another, handed in, for the network", handed_in, "network")
    closed = make_review(make_published(cast.other), "closed")
    yield Sample.of("of another, closed and published", closed, "network", "published")
    unpublished = make_review(make_published(cast.other), "submitted")
    yield Sample.of("of a published contract, not closed yet", unpublished, "network")
    mandating = make_review(_adopted(cast.mandating))
    yield Sample.of("of a city that gave a mandate", mandating, "mandate", hidden=True)
    advised = make_review(_adopted(cast.advised), "submitted")
    yield Sample.of("of the advised city, handed in", advised, "advised", hidden=True)


@records_of("review_round")
def rounds(person: Person) -> Iterator[Sample]:
    """Rounds belong to the coordination team."""
    yield Sample.of("this year's", make_round())


def _scenario(contract: ClimateContract, sharing: str = "draft") -> PathwayScenario:
    return PathwayScenario.objects.create(
        contract=contract, name="Sneller", changes={"trend": "-1"}, sharing=sharing
    )


@records_of("pathway")
def pathways(person: Person) -> Iterator[Sample]:
    """Scenarios by whose contract they are of and how widely they are shared."""
    cast = person.cast
    if _is_city(person):
        yield Sample.of("of the own contract", _scenario(make_contract(person.own)), "own")
    yield Sample.of("of another, kept to itself", _scenario(make_contract(cast.other)), hidden=True)
    yield Sample.of("of another, for the network", _scenario(make_contract(cast.other), "network"), "network")
    published = _scenario(make_contract(cast.other), "published")
    yield Sample.of("of another, published", published, "network", "published")
    yield Sample.of(
        "of a city that gave a mandate", _scenario(make_contract(cast.mandating)), "mandate", hidden=True
    )
    yield Sample.of("unshared, of the advised city", _scenario(make_contract(cast.advised)), hidden=True)
    advised = _scenario(make_contract(cast.advised), "network")
    yield Sample.of("of the advised city, shared", advised, "advised", "network")


@records_of("contract_standard")
def standards(person: Person) -> Iterator[Sample]:
    """Versions of the approach by how far they are, and by whether the own organisation said something of them."""
    # One version is in force at a time, and one on its way: each person looks at a standard of their own.
    own = f"{DUTCH}-{ContractStandard.objects.count()}"
    yield Sample.of("superseded", make_standard_version("superseded", standard=own), "published")
    in_force = make_standard_version("published", 2, standard=own)
    words = ["published"]
    if person.own:
        make_change(in_force, person.own)
        words.append("own")
    yield Sample.of("in force", in_force, *words)
    is_coordinator = person.role == "coordinator"
    yield Sample.of("proposed", make_standard_version("proposed", 3, standard=own))
    draft = make_standard_version("draft", 1, standard=f"{own}-b")
    yield Sample.of("draft", draft, hidden=not is_coordinator)
