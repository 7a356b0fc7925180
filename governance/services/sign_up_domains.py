"""E-mail domains of organisations: which belong to one, and which to nobody in particular."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from governance.models import Organisation, OrganisationDomain, User
from governance.services import Refused
from nss_portal.core import audit
from nss_portal.core.access import require
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

# Where anybody has an address: of large providers, and of the Dutch ones that private persons use.
FREE = frozenset(
    word
    for line in (
        "aol.com chello.nl fastmail.com freedom.nl gmail.com gmx.com gmx.de gmx.net googlemail.com hetnet.nl",
        "home.nl hotmail.be hotmail.co.uk hotmail.com hotmail.de hotmail.fr hotmail.nl hushmail.com",
        "icloud.com kpnmail.nl kpnplanet.nl live.be live.com live.nl mac.com mail.com me.com msn.com",
        "online.nl outlook.be outlook.com outlook.de outlook.fr outlook.nl planet.nl pm.me proton.me",
        "protonmail.ch protonmail.com quicknet.nl rocketmail.com solcon.nl tele2.nl telenet.be telfort.nl",
        "tutanota.com upcmail.nl web.de xs4all.nl yahoo.co.uk yahoo.com yahoo.de yahoo.fr yahoo.nl yandex.com",
        "ymail.com zeelandnet.nl ziggo.nl zoho.com zonnet.nl",
    )
    for word in line.split()
)
# Websites that many organisations share: they say nothing about whose address it is.
SHARED_WEBSITES = frozenset({"rijksoverheid.nl", "europa.eu", "facebook.com", "linkedin.com"})


class Match(StrEnum):
    """How an address fits an organisation."""

    KNOWN = "known"
    WEBSITE = "website"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Fit:
    """How an address fits, with the domains that the organisation is known by."""

    match: Match
    domain: str
    known: tuple[str, ...]


def domain_of(address: str) -> str:
    """Give the domain of an e-mail address, in small letters."""
    return address.strip().rpartition("@")[2].lower()


def is_free(address: str) -> bool:
    """Say whether anybody can have an address at this provider, so that it tells of no organisation."""
    domain = domain_of(address)
    return domain in FREE or any(domain.endswith(f".{free}") for free in FREE)


def site_of(url: str) -> str:
    """Give the domain of a website without 'www.'; empty where it says nothing about whose it is."""
    host = (urlsplit(url).hostname or "").lower().removeprefix("www.")
    return "" if host in SHARED_WEBSITES else host


def _belongs(domain: str, to: str) -> bool:
    return domain == to or domain.endswith(f".{to}")


def fit(*, address: str, known: tuple[str, ...], website: str) -> Fit:
    """Compare an address with the domains of an organisation, and where none is known with its website.

    A part of a known domain fits too: 'klimaat.voorbeeld.nl' belongs to 'voorbeeld.nl'.
    """
    domain, site = domain_of(address), site_of(website)
    if any(_belongs(domain, one) for one in known):
        match = Match.KNOWN
    elif site and _belongs(domain, site):
        match = Match.WEBSITE
    else:
        match = Match.OTHER if known or site else Match.UNKNOWN
    return Fit(match, domain, known or ((site,) if site else ()))


def known_domains(organisation: Organisation) -> tuple[str, ...]:
    """Give the domains that an organisation has today; one query."""
    found = OrganisationDomain.objects.current(today()).filter(organisation=organisation).order_by("domain")
    return tuple(found.values_list("domain", flat=True))


@transaction.atomic
def add_domain(*, actor: User, organisation: Organisation, domain: str) -> OrganisationDomain | None:
    """Note that a domain is an organisation's from today; None when it stands there already.

    A lead or the coordination team does this. Raises NotAllowed, and Refused for a provider where anybody has
    an address.
    """
    require(actor, "organisation_facts", "change", organisation)
    name = domain_of(domain)
    if is_free(name):
        text = _("Anybody can have an address at {domain}: it says nothing of an organisation.")
        raise Refused(text.format(domain=name))
    try:
        with transaction.atomic():
            made = OrganisationDomain.objects.create(
                organisation=organisation, domain=name, valid_from=today(), added_by=actor
            )
    except IntegrityError:
        return None
    audit.record(
        actor=actor,
        event=Event.CREATED,
        obj=made,
        changes={"domain": name, "from": made.valid_from.isoformat()},
        on_behalf_of=organisation,
    )
    return made


@transaction.atomic
def end_domain(*, actor: User, domain: OrganisationDomain) -> None:
    """Note that a domain is no longer the organisation's after today. Raises NotAllowed."""
    require(actor, "organisation_facts", "change", domain.organisation)
    rows = OrganisationDomain.objects.select_for_update(of=("self",)).select_related("organisation")
    fresh = rows.get(pk=domain.pk)
    if fresh.valid_to is None:
        fresh.valid_to = today()
        fresh.save(update_fields=["valid_to"])
        changes = {"domain": fresh.domain, "valid_to": [None, fresh.valid_to.isoformat()]}
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=changes, on_behalf_of=fresh.organisation)
