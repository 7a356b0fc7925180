"""Who may do what with contracts, commitments, emission figures and reviews: the rows of the matrix."""

from django.db.models import Q, QuerySet

from cities.models.bottleneck import Sharing
from contracts.models.contract import ClimateContract
from contracts.models.party import Party
from contracts.models.review import ReviewState
from contracts.models.signature import Signature
from contracts.models.version import IN_FORCE_STATES, ContractVersion, VersionState
from nss_portal.core.access import Actor, Resource, Standing, cells, granted, standing_of
from nss_portal.core.access.resources import EVERYTHING, action_q, register
from nss_portal.core.access.standing import Organisations

SHARED = (Sharing.NETWORK, Sharing.PUBLISHED)
AFTER_DRAFT = (*IN_FORCE_STATES, VersionState.SUPERSEDED)


def _own(standing: Standing, organisations: Organisations) -> Q:
    """Contracts of one's own municipality; a joint one belongs to each of its municipalities."""
    return Q(municipalities__organisation__in=organisations)


def _own_party(standing: Standing, organisations: Organisations) -> Q:
    """Contracts that name one's organisation, from internal review on: until then it is the city's own draft."""
    joined = _joined(organisations).values("version__contract")
    return Q(pk__in=_named(organisations).values("version__contract")) | Q(pk__in=joined)


def _named(organisations: Organisations) -> QuerySet[Party]:
    return Party.objects.filter(Q(is_leading=True) | _past_the_draft(), organisation__in=organisations)


def _joined(organisations: Organisations) -> QuerySet[Signature]:
    """Who was asked to join, or joined, after the version was adopted."""
    return Signature.objects.filter(party__isnull=True, organisation__in=organisations).order_by()


def _past_the_draft() -> Q:
    return ~Q(version__state=VersionState.DRAFT) | Q(version__contract__sharing__in=SHARED)


def _advised(standing: Standing, organisations: Organisations) -> Q:
    """Contracts of advised cities: adopted ones, and drafts once the city shares them."""
    return _own(standing, standing.advised) & (Q(sharing__in=SHARED) | Q(versions__state__in=AFTER_DRAFT))


def _network(standing: Standing, organisations: Organisations) -> Q:
    return Q(sharing__in=SHARED)


def _published(standing: Standing, organisations: Organisations) -> Q:
    return Q(sharing=Sharing.PUBLISHED)


CONTRACT = register(
    Resource(
        name="contract",
        model="contracts.ClimateContract",
        actions={
            "view": cells(
                visitor="published",
                member="own",
                team="own+network",
                advisor="advised",
                signatory="own-party+network",
                ministry="own-party+network",
                partner="own-party+published",
                desk="network",
                publisher="network",
                steering="network",
                coordinator="network",
            ),
            "change": cells(member="own", team="own", coordinator="mandate"),
            "adopt": cells(member="own-lead", team="own-lead"),
            "publish": cells(member="own-lead", team="own-lead"),
            "sign": cells(signatory="own-party"),
        },
        scopes={
            "own": _own,
            "own-party": _own_party,
            "advised": _advised,
            "network": _network,
            "published": _published,
        },
    )
)


def version_q(actor: Actor) -> Q:
    """Give the versions that an actor may see, as a condition on ContractVersion; the matrix knows contracts only.

    Drafts are for those who may change the contract, for its parties from internal review on, and for the
    advisor of a city that shares the contract. Network and public see what was adopted, the public what was
    published.
    """
    standing = standing_of(actor)
    if standing.is_system:
        return EVERYTHING
    words = granted(actor, "contract", "view")
    condition = Q(is_public=True, contract__sharing=Sharing.PUBLISHED)
    condition |= _in(action_q(actor, "contract", "change"))
    if "advised" in words:
        shared = Q(contract__sharing__in=SHARED) | Q(state__in=AFTER_DRAFT)
        condition |= _in(_own(standing, standing.advised)) & shared
    if "own-party" in words:
        condition |= Q(pk__in=_named(words["own-party"]).values("version"))
        condition |= Q(pk__in=_joined(words["own-party"]).values("version"))
    if "network" in words:
        condition |= Q(contract__sharing__in=SHARED, state__in=AFTER_DRAFT)
    return condition


def paper_q(actor: Actor) -> Q:
    """Give the signings on paper of which an actor may open the scan: of contracts that the actor may change, or
    to which the actor's organisation is a party."""
    if standing_of(actor).is_system:
        return EVERYTHING
    held = granted(actor, "contract", "view").get("own-party", frozenset())
    mine = Q(pk__in=Signature.objects.filter(organisation__in=held).order_by().values("version"))
    return Q(version__in=ContractVersion.objects.filter(_in(action_q(actor, "contract", "change")) | mine))


def _in(contracts: Q) -> Q:
    """Turn a condition on contracts into one on their versions, each of which comes once."""
    return Q(contract__in=ClimateContract.objects.filter(contracts).values("pk"))


def _commitment_own(standing: Standing, organisations: Organisations) -> Q:
    return Q(version__contract__municipalities__organisation__in=organisations)


def _commitment_own_party(standing: Standing, organisations: Organisations) -> Q:
    return Q(party__organisation__in=organisations) & _past_the_draft()


COMMITMENT = register(
    Resource(
        name="commitment",
        model="contracts.Commitment",
        actions={
            "change": cells(
                member="own",
                team="own",
                ministry="own-party",
                partner="own-party",
                desk="own-party",
                publisher="own-party",
            ),
        },
        scopes={"own": _commitment_own, "own-party": _commitment_own_party},
    )
)


def _series_own(standing: Standing, organisations: Organisations) -> Q:
    return Q(municipality__organisation__in=organisations) | Q(
        contract__municipalities__organisation__in=organisations
    )


EMISSIONS = register(
    Resource(
        name="emissions",
        model="contracts.EmissionSeries",
        actions={"change": cells(member="own", team="own", coordinator="mandate")},
        scopes={"own": _series_own},
    )
)


def _review_own(standing: Standing, organisations: Organisations) -> Q:
    return Q(contract__municipalities__organisation__in=organisations)


def _review_own_party(standing: Standing, organisations: Organisations) -> Q:
    """Reviews in which one's organisation has a part of its own."""
    return Q(parts__party__organisation__in=organisations)


def _review_advised(standing: Standing, organisations: Organisations) -> Q:
    """Reviews of advised cities: those handed in, and those under way once the city shares the contract."""
    return _review_own(standing, standing.advised) & (Q(contract__sharing__in=SHARED) | ~Q(state=ReviewState.OPEN))


def _review_network(standing: Standing, organisations: Organisations) -> Q:
    """Reviews of shared contracts; one that is still under way is the city's draft."""
    return Q(contract__sharing__in=SHARED) & ~Q(state=ReviewState.OPEN)


def _review_published(standing: Standing, organisations: Organisations) -> Q:
    return Q(contract__sharing=Sharing.PUBLISHED, state=ReviewState.CLOSED)


ANNUAL_REVIEW = register(
    Resource(
        name="annual_review",
        model="contracts.AnnualReview",
        actions={
            "view": cells(
                visitor="published",
                member="own",
                team="own+network",
                advisor="advised",
                signatory="own-party+network",
                ministry="own-party+network",
                partner="own-party+published",
                desk="network",
                publisher="network",
                steering="network",
                coordinator="network",
            ),
            "submit": cells(
                member="own",
                team="own",
                signatory="own-party",
                ministry="own-party",
                partner="own-party",
                desk="own-party",
                publisher="own-party",
                coordinator="mandate",
            ),
        },
        scopes={
            "own": _review_own,
            "own-party": _review_own_party,
            "advised": _review_advised,
            "network": _review_network,
            "published": _review_published,
        },
    )
)

REVIEW_ROUND = register(
    Resource(
        name="review_round",
        model="contracts.ReviewRound",
        actions={"manage": cells(coordinator="all")},
    )
)


def _scenario_own(standing: Standing, organisations: Organisations) -> Q:
    return Q(contract__municipalities__organisation__in=organisations)


def _scenario_advised(standing: Standing, organisations: Organisations) -> Q:
    """Scenarios of advised cities, once the city shares them."""
    return _scenario_own(standing, standing.advised) & _network(standing, organisations)


PATHWAY = register(
    Resource(
        name="pathway",
        model="contracts.PathwayScenario",
        actions={
            "view": cells(
                visitor="published",
                member="own",
                team="own+network",
                advisor="advised",
                signatory="own+network",
                ministry="network",
                partner="published",
                desk="network",
                publisher="published",
                steering="network",
                coordinator="network",
            ),
            "change": cells(member="own", team="own", coordinator="mandate"),
        },
        scopes={
            "own": _scenario_own,
            "advised": _scenario_advised,
            "network": _network,
            "published": _published,
        },
    )
)

# About the running of the portal rather than the mission: not in the matrix. Coordinators fetch figures.
DATA_FETCH = register(
    Resource(
        name="data_fetch",
        model="contracts.DataFetch",
        actions={"view": cells(coordinator="all"), "manage": cells(coordinator="all")},
        in_matrix=False,
    )
)
