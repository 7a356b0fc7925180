"""What people of partners are written about a programme; a mail has a key, so that the same one twice is one."""

from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activities.models import (
    ActivityRequest,
    Milestone,
    Programme,
    ProgrammePartner,
    ProgrammeReflection,
    SigningRound,
)
from activities.models.programme_partner import Answer
from governance.models import Membership, User
from governance.models.membership import Function
from governance.selectors import people_at
from nss_portal.core.mail import Mail, address_key, queue_mails
from nss_portal.core.time import today

# Per kind of mail its subject and its one sentence, in words to fill in.
WORDS = {
    "asked": lambda: (
        _("Does {party} take part? {title}"),
        _("{by} asks {party} to take part in this programme. Say yes or no, and why: a reasoned no helps too."),
    ),
    "asked_again": lambda: (
        _("Reminder: does {party} take part? {title}"),
        _("{by} asked {party} two weeks ago to take part in this programme. Say yes or no, and why."),
    ),
    "yes": lambda: (_("{party} takes part: {title}"), _("{party} says yes, because: {why}")),
    "no": lambda: (_("{party} does not take part: {title}"), _("{party} says no, because: {why}")),
    "sign": lambda: (
        _("The covenant can be signed: {title}"),
        _("The signing round of {day} is open. Read the covenant and sign it for {party}."),
    ),
    "sign_again": lambda: (
        _("Reminder: sign the covenant before {day}: {title}"),
        _("The signing round of {day} is near, and {party} has not signed yet."),
    ),
    "reflection": lambda: (
        _("Look back on half a year: {title}"),
        _("What was planned and what really happened is filled in. Read it, add to it and hand it in by {day}."),
    ),
    "reflection_again": lambda: (
        _("Reminder: look back on half a year by {day}: {title}"),
        _("The reflection on half a year is due on {day}. What the portal knows is filled in already."),
    ),
    "milestone": lambda: (
        _("A milestone comes near, {day}: {title}"),
        _("'{what}' is planned on {day}. Note that it is reached, or move it and say why."),
    ),
    "milestone_late": lambda: (
        _("A milestone has passed, {day}: {title}"),
        _("'{what}' was planned on {day}. Note that it is reached, or move it and say why."),
    ),
    "joined": lambda: (
        _("{party} joins: {title}"),
        _("{party} signed the covenant and takes part from today."),
    ),
    "activity_asked": lambda: (
        _("May this activity be part of a programme? {what}"),
        _("{by} would like '{what}' of {party} to be part of this programme. {why} Agree, or say why not."),
    ),
    "activity_agreed": lambda: (
        _("The activity is part of the programme: {what}"),
        _("{party} agrees: '{what}' is part of this programme now."),
    ),
    "activity_refused": lambda: (
        _("The activity does not become part of the programme: {what}"),
        _("'{what}' of {party} does not become part of this programme, because: {why}"),
    ),
    "left": lambda: (_("{party} leaves: {title}"), _("{party} leaves the programme, because: {why}")),
}


def signatories_of(organisations: Iterable[int]) -> dict[int, list[User]]:
    """Give who signs per organisation (primary key). One query."""
    found: dict[int, list[User]] = defaultdict(list)
    members = Membership.objects.current(today()).filter(
        organisation__in=set(organisations), function=Function.SIGNATORY, user__is_active=True
    )
    for one in members.select_related("user").order_by("user__email"):
        found[one.organisation_id].append(one.user)
    return found


def write(
    people: Iterable[User], *, kind: str, key: str, programme: Programme, url: str = "", **words: str
) -> int:
    """Write one mail of a kind to each, in the own language; gives to how many. Belongs inside a transaction."""
    mails = []
    for user in {one.pk: one for one in people}.values():
        with translation.override(user.language):
            values = {"title": programme.title, "by": str(programme.organisation), **words}
            subject, text = (said.format(**values) for said in WORDS[kind]())
            context = {
                "name": user.name,
                "text": text,
                "title": programme.title,
                "url": settings.NSS_BASE_URL + (url or programme.get_absolute_url()),
            }
            body = render_to_string("activities/mail/programme.txt", context)
        mails.append(
            Mail(
                key=f"programme:{programme.pk}:{kind}:{key}:{address_key(user.email)}",
                to=user.email,
                subject=subject,
                body=body,
                about=programme,
                language=user.language,
            )
        )
    queue_mails(mails)
    return len(mails)


def _at(name: str, programme: Programme, *args: object) -> str:
    return reverse(f"activities:{name}", args=[programme.public_id, *args])


def ask(partners: Iterable[ProgrammePartner], *, again: bool = False) -> int:
    """Ask partners to say yes or no, and why."""
    found = list(partners)
    people = people_at(one.organisation_id for one in found)
    return sum(
        write(
            people.get(one.organisation_id, []),
            kind="asked_again" if again else "asked",
            key=str(one.pk),
            programme=one.programme,
            url=_at("programme_answer", one.programme, one.pk),
            party=str(one.organisation),
        )
        for one in found
    )


def tell_answer(partner: ProgrammePartner, *, but: frozenset[int]) -> int:
    """Tell who leads the programme what a partner says, unless who leads said it in its name (`but`)."""
    programme = partner.programme
    if programme.organisation_id in but:
        return 0
    people = people_at([programme.organisation_id]).get(programme.organisation_id, [])
    words = {"party": str(partner.organisation), "why": partner.why or "–"}
    return write(people, kind=partner.answer, key=f"{partner.pk}:{today()}", programme=programme, **words)


def ask_to_sign(signing: SigningRound, *, again: bool = False) -> int:
    """Ask the signatories of partners that have not signed to sign in a round."""
    programme = signing.covenant.programme
    waiting = programme.partners.filter(answer=Answer.YES, left_on=None, signature=None)
    partners = list(waiting.select_related("organisation"))
    people = signatories_of(one.organisation_id for one in partners)
    return sum(
        write(
            people.get(one.organisation_id, []),
            kind="sign_again" if again else "sign",
            key=f"{signing.pk}:{one.pk}",
            programme=programme,
            url=_at("programme_sign", programme, one.pk),
            party=str(one.organisation),
            day=date_format(signing.held_on, "j F Y"),
        )
        for one in partners
    )


def ask_to_reflect(reflection: ProgrammeReflection, *, again: bool = False) -> int:
    """Ask who leads a programme to look back on half a year."""
    programme = reflection.programme
    return write(
        people_at([programme.organisation_id]).get(programme.organisation_id, []),
        kind="reflection_again" if again else "reflection",
        key=str(reflection.pk),
        programme=programme,
        url=_at("programme_reflection", programme, reflection.year, reflection.half),
        day=date_format(reflection.due_on, "j F Y"),
    )


def remind_of_milestone(milestone: Milestone, *, is_late: bool) -> int:
    """Write to who sees to a milestone, or leads the programme; anew when its day was moved."""
    programme = milestone.programme
    organisation = milestone.owner_id or programme.organisation_id
    return write(
        people_at([organisation]).get(organisation, []),
        kind="milestone_late" if is_late else "milestone",
        key=f"{milestone.pk}:{milestone.planned_on}",
        programme=programme,
        url=f"{programme.get_absolute_url()}#milestones",
        what=milestone.title,
        day=date_format(milestone.planned_on, "j F Y"),
    )


def tell_partners(partner: ProgrammePartner, *, kind: str) -> int:
    """Tell the other partners that one joined after the beginning ('joined'), or leaves ('left')."""
    programme = partner.programme
    others = programme.partners.filter(answer=Answer.YES, left_on=None).exclude(pk=partner.pk)
    found = list(others.select_related("contact"))
    people = people_at(one.organisation_id for one in found)
    written: list[User] = []
    for one in found:
        called = one.contact if one.contact is not None and one.contact.is_active else None
        written += [called] if called else people.get(one.organisation_id, [])
    words = {"party": str(partner.organisation), "why": partner.left_reason}
    return write(written, kind=kind, key=str(partner.pk), programme=programme, **words)


def ask_for_activity(asked: ActivityRequest) -> int:
    """Ask who runs an activity whether it may be part of a programme."""
    activity = asked.activity
    return write(
        people_at([activity.organisation_id]).get(activity.organisation_id, []),
        kind="activity_asked",
        key=str(asked.pk),
        programme=asked.programme,
        url=reverse("activities:activity_request", args=[activity.public_id, asked.pk]),
        party=str(activity.organisation),
        what=activity.title,
        why=asked.note,
    )


def tell_about_activity(asked: ActivityRequest) -> int:
    """Tell who leads a programme what came of its request."""
    programme, activity = asked.programme, asked.activity
    return write(
        people_at([programme.organisation_id]).get(programme.organisation_id, []),
        kind=f"activity_{asked.state}",
        key=str(asked.pk),
        programme=programme,
        url=f"{programme.get_absolute_url()}#activities",
        party=str(activity.organisation),
        what=activity.title,
        why=asked.why,
    )
