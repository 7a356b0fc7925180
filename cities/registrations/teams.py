"""What teams and who's who add to other pages: whom to call, the briefing, handing over, a newcomer's work."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models import Bottleneck, Municipality, Signal, Theme
from cities.models.bottleneck import BottleneckState
from cities.presenting import involvement_history
from cities.selectors import periods_of
from cities.selectors_team import contact_persons, first_of_groups, team_of
from cities.services.demo_contacts import load_demo_contacts
from cities.services.teams import carry_contact_themes, give_contact_themes, give_drafts
from governance.models import Membership, Organisation, User
from nss_portal.core.access import Actor, standing_of
from nss_portal.core.carrying import Carried
from nss_portal.core.gathering import Rows, prepared
from nss_portal.core.handing import Held
from nss_portal.core.registry import (
    NavigationItem,
    Section,
    WorkItem,
    bottleneck_sections,
    briefing_sections,
    demo_loaders,
    hand_over_handlers,
    merger_handlers,
    navigation,
    work_items,
)
from nss_portal.core.time import today

CALLED = 5
NEW_FOR = timedelta(days=14)
OPEN_SHOWN = 8


demo_loaders.register(load_demo_contacts)


@navigation.register
def entries() -> list[NavigationItem]:
    """Who's who belongs with the municipalities."""
    label = gettext_lazy("Who's who")
    return [
        NavigationItem(
            label=label, url_name="cities:who_is_who", order=25, under="cities:municipalities", members_only=True
        )
    ]


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """The themes of contact persons go along with the people."""
    yield Carried(
        "cities.ContactTheme", "membership", gettext_lazy("themes of contact persons"), moves=carry_contact_themes
    )


@hand_over_handlers.register
def held(user: User, organisation: Organisation) -> Iterator[Held]:
    """Give the themes that somebody answers for and the drafts that somebody began. Two queries."""
    themes = Theme.objects.filter(
        contacts__membership__user=user, contacts__membership__organisation=organisation
    ).distinct()
    yield Held(
        "contact_themes",
        gettext_lazy("Contact person for"),
        [str(theme) for theme in themes],
        lambda successor, actor: give_contact_themes(
            user=user, successor=successor, organisation=organisation, actor=actor
        ),
    )
    drafts = Bottleneck.objects.drafts().filter(organisation=organisation, created_by=user)
    yield Held(
        "bottleneck_drafts",
        gettext_lazy("Draft bottlenecks"),
        list(drafts.order_by("pk").values_list("title", flat=True)),
        lambda successor, actor: give_drafts(
            user=user, successor=successor, organisation=organisation, actor=actor
        ),
    )


@bottleneck_sections.register
def whom_to_call(actor: Actor, bottleneck: Bottleneck) -> Section | None:
    """Show on a bottleneck's page whom to call at other parties about its theme. Two queries."""
    if not standing_of(actor).organisations or bottleneck.theme is None:
        return None
    people = contact_persons(actor).filter(contact_themes__theme=bottleneck.theme)
    # One of each kind of party: the page of the theme has all of them.
    groups = first_of_groups(people.exclude(organisation=bottleneck.organisation_id), shown=1)
    found = [group.people[0] for group in groups]
    return Section(
        key="bellen",
        title=_("Whom to call about this"),
        template="cities/includes/whom_to_call.html",
        context={
            "people": found[:CALLED],
            "theme": bottleneck.theme,
            "url": f"{reverse('cities:who_is_who')}?thema={bottleneck.theme.code}",
        },
        order=60,
    )


@work_items.register
def briefing_to_read(user: Any) -> Iterable[WorkItem]:
    """Ask whoever is new in a municipality to read the briefing, for two weeks."""
    arrived = _arrived(user=user.pk, day=today(), since=today() - NEW_FOR)
    municipality = "organisation__municipality"
    fields = ("valid_from", "organisation__name", f"{municipality}__code", f"{municipality}__common_name")
    return Rows(arrived, *fields, each=_welcome)


@prepared
def _arrived(user: Any, day: Any, since: Any) -> QuerySet[Membership]:
    return Membership.objects.current(day).filter(
        user=user, valid_from__gt=since, organisation__municipality__isnull=False
    )


def _welcome(membership: Membership) -> WorkItem:
    municipality = membership.organisation.municipality
    return WorkItem(
        title=_("Welcome! Read what goes on in {name}").format(name=municipality),
        url=reverse("cities:briefing", args=[municipality.code]),
        action_label=_("Read the briefing"),
        minutes=15,
        due=membership.valid_from + NEW_FOR,
        on_behalf_of=str(membership.organisation),
    )


@briefing_sections.register
def the_team(actor: Actor, municipality: Municipality) -> Section:
    """Who works for the municipality. Two queries."""
    team = team_of(actor, municipality.organisation)
    people = [*team.leads, *team.members, *team.advisors, *team.signatories]
    context = {"people": people, "url": reverse("cities:team", args=[municipality.code])}
    return Section("team", _("Your colleagues"), "cities/includes/briefing_team.html", context, order=10)


@briefing_sections.register
def the_level(actor: Actor, municipality: Municipality) -> Section | None:
    """How the municipality takes part, since when and who decided it why. One query."""
    history = involvement_history(periods_of(municipality), of=municipality, with_people=True)
    if not history:
        return None
    template = "cities/includes/briefing_level.html"
    return Section("niveau", _("How we take part, and who decided that"), template, {"history": history}, order=20)


@briefing_sections.register
def the_bottlenecks(actor: Actor, municipality: Municipality) -> Section:
    """What holds the municipality up now. One query."""
    visible = Bottleneck.objects.visible_to(actor).filter(
        organisation=municipality.organisation_id, state__in=[BottleneckState.OPEN, BottleneckState.DRAFT]
    )
    found = list(visible.select_related("theme")[: OPEN_SHOWN + 1])
    context = {"bottlenecks": found[:OPEN_SHOWN], "name": str(municipality), "more": len(found) > OPEN_SHOWN}
    return Section(
        "knelpunten", _("What holds us up"), "cities/includes/briefing_bottlenecks.html", context, order=50
    )


@briefing_sections.register
def the_signals(actor: Actor, municipality: Municipality) -> Section | None:
    """What the municipality asked of ministries and others, and where that stands. One query."""
    sent = Signal.objects.visible_to(actor).filter(
        Q(organisation=municipality.organisation_id) | Q(cosigners__organisation=municipality.organisation_id)
    )
    found = list(sent.distinct().order_by("-pk")[:OPEN_SHOWN])
    if not found:
        return None
    template = "cities/includes/briefing_signals.html"
    return Section("signalen", _("What we asked of others"), template, {"signals": found}, order=60)
