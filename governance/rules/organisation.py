"""Who may do what with organisations, people, variants and the audit log: rows of `tests/permissions.csv`."""

from django.db.models import Q

from governance.models.membership import ContactSharing
from governance.models.organisation import Organisation
from nss_portal.core.access import Resource, Standing, cells, register
from nss_portal.core.access.standing import Organisations

OWN_LEAD_EVERYWHERE = {
    "member": "own-lead",
    "team": "own-lead",
    "ministry": "own-lead",
    "partner": "own-lead",
    "desk": "own-lead",
    "publisher": "own-lead",
}


def own_organisation(standing: Standing, organisations: Organisations) -> Q:
    """The organisation itself."""
    return Q(pk__in=organisations)


def of_own_organisation(standing: Standing, organisations: Organisations) -> Q:
    """Records that belong to the organisation."""
    return Q(organisation__in=organisations)


def own_events(standing: Standing, organisations: Organisations) -> Q:
    """Events of what was done for the organisation, or to it."""
    kind, keys = Organisation._meta.label_lower, [str(pk) for pk in organisations]
    return Q(on_behalf_of_type=kind, on_behalf_of_id__in=keys) | Q(object_type=kind, object_id__in=keys)


register(
    Resource(
        name="governance",
        model="governance.Organisation",
        actions={
            "view": cells(
                visitor="all",
                member="all",
                team="all",
                advisor="all",
                signatory="all",
                ministry="all",
                partner="all",
                desk="all",
                publisher="all",
                steering="all",
                coordinator="all",
            )
        },
    )
)
register(
    Resource(
        name="governance_variant",
        model="governance.GovernanceVariant",
        actions={
            "change": cells(
                team="propose",
                signatory="propose",
                ministry="propose",
                steering="decide",
                coordinator="propose",
            )
        },
    )
)
register(
    Resource(
        name="account",
        model="governance.Organisation",
        actions={"invite": cells(**OWN_LEAD_EVERYWHERE, coordinator="all")},
        scopes={"own": own_organisation},
    )
)
register(
    Resource(
        name="contact_person",
        model="governance.Membership",
        actions={"manage": cells(**OWN_LEAD_EVERYWHERE, coordinator="all")},
        scopes={"own": of_own_organisation},
    )
)
register(
    Resource(
        name="transition_team",
        model="governance.Membership",
        view="view_contacts",
        actions={
            "view_contacts": cells(
                member="published",
                team="network",
                advisor="network",
                signatory="network",
                ministry="network",
                partner="network",
                desk="network",
                publisher="network",
                steering="all",
                coordinator="all",
            ),
            "manage": cells(member="own-lead", team="own-lead", coordinator="mandate"),
        },
        scopes={
            "own": of_own_organisation,
            "network": lambda standing, organisations: Q(
                sharing__in=[ContactSharing.NETWORK, ContactSharing.PUBLISHED]
            ),
            "published": lambda standing, organisations: Q(sharing=ContactSharing.PUBLISHED),
        },
    )
)
register(
    Resource(
        name="audit_log",
        model="core.AuditEvent",
        actions={"view": cells(**OWN_LEAD_EVERYWHERE, steering="all", coordinator="all")},
        scopes={"own": own_events},
    )
)
