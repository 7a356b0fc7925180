"""Signals for tests."""

from datetime import timedelta

from django.test import Client

from cities.models import Bottleneck, Signal, SignalAddressee, SignalCosigner, SignalExperiment
from cities.models.signal import AddresseeTask
from cities.services.signals import drafts, sending
from cities.services.signals.drafts import SignalValues
from governance.models import Organisation, User
from governance.models.organisation import Group
from nss_portal.core.models import OutgoingMail
from nss_portal.core.time import today
from tests.access.cast import Person, make_organisation
from tests.cities.matrix import make_bottleneck

TERM = 30


def make_ministry(name: str = "", **fields: object) -> Organisation:
    """Make a ministry."""
    ministry = make_organisation(Group.MINISTRY, name=name)
    for field, value in fields.items():
        setattr(ministry, field, value)
    ministry.save()
    return ministry


def make_signal(
    organisation: Organisation,
    *to: Organisation,
    state: str = "sent",
    days_ago: int = 0,
    bottleneck: Bottleneck | None = None,
    task: str = AddresseeTask.ANSWER,
    **fields: object,
) -> Signal:
    """Make a signal in a state, the first of `to` in the lead; a draft may be without."""
    day = today() - timedelta(days=days_ago)
    values: dict[str, object] = {
        "title": "Voorrang op het net",
        "question": "Maak voorrang mogelijk.",
        "contact_function": "beleidsadviseur",
        "contact_reach": "klimaat@stad.example",
        "answer_by": day + timedelta(days=TERM),
        "audience": "published",
        "sent_on": None if state == "draft" else day,
        "outcome": "Geregeld." if state == "closed" else "",
        **fields,
    }
    signal = Signal.objects.create(organisation=organisation, state=state, **values)
    signal.bottlenecks.set([bottleneck or make_bottleneck(organisation, "published")])
    done = state in {"answered", "follow_up", "closed"}
    for number, one in enumerate(to):
        SignalAddressee.objects.create(
            signal=signal,
            organisation=one,
            is_lead=number == 0,
            task=task,
            addressed_on=None if state == "draft" else day,
            due_on=None if state == "draft" else signal.answer_by,
            answered_on=day if done and number == 0 else None,
        )
    return signal


def ask_for_room(signal: Signal, **fields: object) -> SignalExperiment:
    """Let a signal ask for room to experiment."""
    values = {"rule": "Volgorde van aansluiten", "learned": "Of het werkt", "valid_from": today()}
    experiment = SignalExperiment.objects.create(
        signal=signal, **{**values, "valid_to": today() + timedelta(days=900), **fields}
    )
    experiment.cities.set([signal.organisation])
    return experiment


def add_cosigner(signal: Signal, organisation: Organisation, state: str = "invited") -> SignalCosigner:
    """Ask an organisation to co-sign, or let it have answered."""
    return SignalCosigner.objects.create(signal=signal, organisation=organisation, state=state)


def values(bottleneck: Bottleneck | None = None, lead: Organisation | None = None, **more: object) -> SignalValues:
    """Give what a complete draft holds."""
    plain: dict[str, object] = {
        "title": "Voorrang op het net",
        "question": "Maak voorrang mogelijk.",
        "contact_function": "beleidsadviseur",
        "contact_reach": "klimaat@stad.example",
        "answer_by": today() + timedelta(days=TERM),
        "bottlenecks": (bottleneck,) if bottleneck else (),
        "lead": lead,
        **more,
    }
    return SignalValues(**plain)  # type: ignore[arg-type]


def draft(team: Person, **more: object) -> Signal:
    """Let a team write a draft, with a bottleneck and a ministry in the lead."""
    return drafts.create_signal_draft(
        actor=team.user,
        organisation=team.own,
        values=values(**{"bottleneck": make_bottleneck(team.own, "network"), "lead": make_ministry(), **more}),
    )


def send(team: Person, signal: Signal) -> Signal:
    """Send a draft as it stands."""
    signal.refresh_from_db()
    return sending.send_signal(actor=team.user, signal=signal, version=signal.version)


def subjects(user: User) -> list[str]:
    """Give the subjects of the mails to somebody, oldest first."""
    return list(OutgoingMail.objects.filter(recipient=user.email).order_by("pk").values_list("subject", flat=True))


def browser(person: Person) -> Client:
    """Give a client in which somebody is logged in."""
    client = Client()
    client.force_login(person.user)
    return client


def at(signal: Signal, part: str = "") -> str:
    """Give the address of a signal, or of a page under it."""
    return f"/signalen/{signal.public_id}/{part}"
