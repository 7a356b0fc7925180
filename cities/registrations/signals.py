"""What signals add to the pages that compose all apps, and the data they bring."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cities.models import (
    Bottleneck,
    Municipality,
    Signal,
    SignalAddressee,
    SignalCosigner,
    SignalEntry,
    SignalFollowUp,
)
from cities.models.signal import OPEN_STATES, AddresseeTask, CosignState, SignalState
from cities.models.signal_parts import EntryKind
from cities.rows_signals import rows, to_show
from cities.selectors_signals import (
    CHOOSABLE,
    answering_keys,
    held_q,
    overdue,
    passed_on_q,
    sender_keys,
)
from cities.services.signals import handing, reminders
from cities.services.signals.demo import load_demo
from cities.services.signals.links import SignalLinks
from cities.services.signals.reference import load_reference
from governance.models import Membership, Organisation, User
from governance.models.membership import LEADING_FUNCTIONS
from nss_portal.core.access import Actor, Role, granted, standing_of
from nss_portal.core.gathering import Rows, prepared
from nss_portal.core.handing import Held
from nss_portal.core.registry import (
    NavigationItem,
    NewsItem,
    Section,
    WorkItem,
    bottleneck_sections,
    demo_loaders,
    hand_over_handlers,
    merge_handlers,
    municipality_sections,
    navigation,
    news_items,
    reference_loaders,
    work_items,
)
from nss_portal.core.time import today

SHOWN = 10
NEWS_SHOWN = 12
ON_PAGE = 5
LATE_ENOUGH = timedelta(days=reminders.ESCALATIONS[0] - 1)

reference_loaders.register(load_reference)
demo_loaders.register(load_demo)


@navigation.register
def entries() -> list[NavigationItem]:
    """Signals stand beside bottlenecks."""
    label = gettext_lazy("Signals")
    return [NavigationItem(label=label, url_name="cities:signals", order=32, under="cities:bottlenecks")]


@work_items.register
def answers_that_are_due(user: Any) -> Iterable[WorkItem]:
    """Ask an addressee in the lead to answer, or to name an owner."""
    held = answering_keys(user)
    if not held:
        return ()
    waiting = SignalAddressee.objects.filter(
        held_q(held, today()), until__isnull=True, is_lead=True, signal__state__in=OPEN_STATES
    )
    first = waiting.order_by("due_on", "pk")[:SHOWN]
    signal = ("signal__public_id", "signal__title", "signal__organisation__name")
    return Rows(first, "task", "due_on", *signal, each=_answer)


def _answer(part: SignalAddressee) -> WorkItem:
    is_name = part.task == AddresseeTask.NAME
    title = _("Name who answers '{title}'") if is_name else _("Answer the signal '{title}'")
    name = "cities:signal_name" if is_name else "cities:signal_answer"
    return WorkItem(
        title=title.format(title=part.signal.title),
        url=reverse(name, args=[part.signal.public_id]),
        action_label=_("Name an owner") if is_name else _("Answer the signal"),
        minutes=10 if is_name else 30,
        due=part.due_on,
        detail=_("From {sender}").format(sender=part.signal.organisation),
    )


@work_items.register
def of_senders(user: Any) -> Iterable[WorkItem]:
    """Ask a sender to finish drafts, to co-sign, and to react on answers."""
    mine = sender_keys(user)
    if not mine:
        return ()

    def asked_of_sender(signal: Signal) -> WorkItem:
        if signal.state == SignalState.ANSWERED:
            return _react(signal)
        return _finish(signal) if signal.organisation.pk in mine else _cosign(signal)

    return Rows(
        _of_senders(mine=mine), "public_id", "title", "state", "asked", "organisation__name", each=asked_of_sender
    )


@prepared
def _of_senders(mine: Any) -> QuerySet[Signal]:
    own = SignalCosigner.objects.filter(organisation__in=mine)
    asked = own.filter(signal=OuterRef("pk"), state=CosignState.INVITED).values("organisation__name")[:1]
    reacted = SignalEntry.objects.filter(signal=OuterRef("pk"), kind=EntryKind.REACTION, organisation__in=mine)
    is_sender = Q(organisation__in=mine) | Q(pk__in=own.filter(state=CosignState.SIGNED).values("signal"))
    signals = Signal.objects.annotate(asked=Subquery(asked)).filter(
        (Q(state=SignalState.DRAFT) & (Q(organisation__in=mine) | Q(asked__isnull=False)))
        | (Q(state=SignalState.ANSWERED) & is_sender & ~Exists(reacted))
    )
    return signals.order_by("state", "-changed_at", "-pk")[: 2 * SHOWN]


def _finish(signal: Signal) -> WorkItem:
    return WorkItem(
        title=_("Finish the signal '{title}'").format(title=signal.title),
        url=reverse("cities:signal_edit", args=[signal.public_id]),
        action_label=_("Finish the draft"),
        minutes=15,
        on_behalf_of=str(signal.organisation),
    )


def _cosign(signal: Signal) -> WorkItem:
    return WorkItem(
        title=_("Co-sign the signal '{title}'?").format(title=signal.title),
        url=signal.get_absolute_url(),
        action_label=_("Read the draft"),
        minutes=10,
        detail=_("{sender} asks you").format(sender=signal.organisation),
        on_behalf_of=getattr(signal, "asked", ""),
    )


def _react(signal: Signal) -> WorkItem:
    return WorkItem(
        title=_("React on the answer to '{title}'").format(title=signal.title),
        url=reverse("cities:signal_react", args=[signal.public_id]),
        action_label=_("React on the answer"),
        minutes=10,
        detail=_("Does it help you on, and what is done next?"),
    )


@work_items.register
def steps_to_do(user: Any) -> Iterable[WorkItem]:
    """Ask the owner of a step after the answer to do it."""
    mine = sender_keys(user) | answering_keys(user)
    if not mine:
        return ()
    return Rows(
        _steps(mine=mine), "what", "due_on", "signal__public_id", "signal__title", "owner__name", each=_step
    )


@prepared
def _steps(mine: Any) -> QuerySet[SignalFollowUp]:
    steps = SignalFollowUp.objects.filter(
        owner__in=mine, done_on__isnull=True, signal__state=SignalState.FOLLOW_UP
    )
    return steps.order_by("due_on", "pk")[:SHOWN]


def _step(step: SignalFollowUp) -> WorkItem:
    return WorkItem(
        title=step.what,
        url=f"{step.signal.get_absolute_url()}#stappen",
        action_label=_("Look at the signal"),
        minutes=15,
        due=step.due_on,
        detail=_("Agreed after the signal '{title}'").format(title=step.signal.title),
        on_behalf_of=str(step.owner),
    )


@work_items.register
def owners_to_name(user: Any) -> Iterable[WorkItem]:
    """Ask the coordination team to see to it that an owner is named; one item for all of them."""
    if "all" not in granted(user, "signal", "send"):
        return ()
    without = SignalAddressee.objects.filter(
        task=AddresseeTask.NAME, until__isnull=True, signal__state__in=OPEN_STATES
    )
    return Rows(
        without.order_by("due_on", "pk"), "due_on", "signal__public_id", "signal__title", together=_without_owner
    )


def _without_owner(found: list[SignalAddressee]) -> Iterator[WorkItem]:
    first = found[0]
    one = len(found) == 1
    yield WorkItem(
        title=ngettext("Name an owner of {number} signal", "Name an owner of {number} signals", len(found)).format(
            number=len(found)
        ),
        url=reverse("cities:signal_name", args=[first.signal.public_id]) if one else _without_owner_url(),
        action_label=_("Name an owner"),
        minutes=10 * len(found),
        due=first.due_on,
        detail=first.signal.title,
    )


def _without_owner_url() -> str:
    return f"{reverse('cities:signals')}?soort=zonder-eigenaar&stand=open"


@work_items.register
def nobody_reads(user: Any) -> Iterable[WorkItem]:
    """Ask the coordination team to invite somebody where a signal waits for an organisation without accounts.
    One item for all of them."""
    if "all" not in granted(user, "signal", "send"):
        return ()
    holder = Case(When(passed_on_q(today()), then=F("organisation__successor")), default=F("organisation"))
    there = Membership.objects.current(today()).filter(
        organisation=OuterRef("holder"), function__in=LEADING_FUNCTIONS, user__is_active=True
    )
    waiting = (
        SignalAddressee.objects.filter(until__isnull=True, is_lead=True, signal__state__in=OPEN_STATES)
        .annotate(holder=holder)
        .filter(~Exists(there))
    )
    first = waiting.order_by("due_on", "pk")
    return Rows(first, "due_on", "signal__public_id", "organisation__name", together=_unread)


def _unread(found: list[SignalAddressee]) -> Iterator[WorkItem]:
    text = ngettext(
        "{number} signal waits where nobody has an account",
        "{number} signals wait where nobody has an account",
        len(found),
    )
    names = dict.fromkeys(str(part.organisation) for part in found)
    yield WorkItem(
        title=text.format(number=len(found)),
        url=found[0].signal.get_absolute_url(),
        action_label=_("Invite somebody"),
        minutes=5 * len(names),
        due=found[0].due_on,
        detail=", ".join(names),
    )


@work_items.register
def late_for_the_steering_group(user: Any) -> Iterable[WorkItem]:
    """Put signals that are late for a week before the steering group; one item for all of them."""
    if not standing_of(user).has(Role.STEERING):
        return ()
    late = overdue(Signal.objects.visible_to(user), today() - LATE_ENOUGH)
    return Rows(late.order_by("answer_by", "pk"), "title", together=_late)


def _late(found: list[Signal]) -> Iterator[WorkItem]:
    titles = [signal.title for signal in found]
    text = ngettext(
        "{number} signal is without an answer for over a week",
        "{number} signals are without an answer for over a week",
        len(titles),
    )
    yield WorkItem(
        title=text.format(number=len(titles)),
        url=f"{reverse('cities:signals')}?stand=te-laat",
        action_label=_("Look at what is late"),
        minutes=5,
        detail=titles[0],
    )


@news_items.register
def signals_that_moved(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell which signals were sent, answered or closed."""
    told = [SignalState.SENT, SignalState.ANSWERED, SignalState.CLOSED]
    visible = Signal.objects.visible_to(user).filter(changed_at__gt=since, state__in=told)
    newest = visible[:NEWS_SHOWN]
    return Rows(newest, "public_id", "title", "state", "changed_at", "organisation__name", each=_moved)


def _moved(signal: Signal) -> NewsItem:
    texts = {
        SignalState.SENT: _("sent the signal '{title}'"),
        SignalState.ANSWERED: _("has an answer to the signal '{title}'"),
        SignalState.CLOSED: _("closed the signal '{title}'"),
    }
    return NewsItem(
        when=timezone.localdate(signal.changed_at),
        subject=str(signal.organisation),
        text=texts[SignalState(signal.state)].format(title=signal.title),
        url=signal.get_absolute_url(),
    )


merge_handlers.register(SignalLinks)


@hand_over_handlers.register
def held(user: User, organisation: Organisation) -> Iterator[Held]:
    """Give the signals about which somebody is called, and the drafts that somebody began. Two queries."""
    reached, drafts = handing.reached_at(user, organisation), handing.drafts_of(user, organisation)
    yield Held(
        "signal_contact",
        gettext_lazy("Contact person for signals"),
        list(reached.values_list("title", flat=True)),
        lambda successor, actor: handing.give_contact(
            user=user, successor=successor, organisation=organisation, actor=actor
        ),
        gettext_lazy("The e-mail address of your colleague comes in the place of yours."),
    )
    yield Held(
        "signal_drafts",
        gettext_lazy("Draft signals"),
        list(drafts.values_list("title", flat=True)),
        lambda successor, actor: handing.give_drafts(
            user=user, successor=successor, organisation=organisation, actor=actor
        ),
    )


@bottleneck_sections.register
def signals_about(actor: Actor, bottleneck: Bottleneck) -> Section | None:
    """Show on a bottleneck's page the signals that came out of it, and the way to write one. Two queries."""
    may_write = bool(sender_keys(actor)) and bottleneck.state in CHOOSABLE
    visible = Signal.objects.visible_to(actor).filter(bottlenecks=bottleneck).order_by("-sent_on", "-pk")
    found = rows(to_show(visible)[:ON_PAGE])
    if not found and not may_write:
        return None
    url = f"{reverse('cities:signal_new')}?knelpunt={bottleneck.public_id}" if may_write else ""
    return _section(found, url, _("Make a signal of this bottleneck"), order=30)


@municipality_sections.register
def signals_of(actor: Actor, municipality: Municipality) -> Section | None:
    """Show on a municipality's page the signals that it sends or co-signed. Two queries."""
    key = municipality.organisation_id
    cosigned = SignalCosigner.objects.filter(organisation=key, state=CosignState.SIGNED)
    visible = (
        Signal.objects.visible_to(actor)
        .sent()
        .filter(Q(organisation=key) | Q(pk__in=cosigned.values("signal")))
        .order_by("-sent_on", "-pk")
    )
    found = rows(to_show(visible)[:ON_PAGE])
    if not found:
        return None
    name = str(municipality)
    url = f"{reverse('cities:signals')}?q={quote(name)}"
    label = _("All signals of {name}").format(name=name)
    return _section(found, url, label, order=45)


def _section(found: list[Any], url: str, label: str, *, order: int) -> Section:
    context = {"rows": found, "url": url, "label": label}
    return Section("signalen", _("Signals"), "cities/includes/signals_of.html", context, order=order)
