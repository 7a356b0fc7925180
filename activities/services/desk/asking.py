"""A question comes in: with an account, or by the public form with an address that is confirmed first."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from activities.models.desk_question import DeskQuestion, QuestionState
from activities.services.desk import letters
from activities.services.desk.inviting import invite_alike
from activities.services.desk.routing import first_holder
from activities.workflow.desk_question import holds_link, question_purpose
from cities.models import Theme
from governance.models import Organisation, User
from governance.services.ownership import require_for
from nss_portal.core import audit
from nss_portal.core.access import Actor, LinkActor, NotAllowed, granted
from nss_portal.core.editing import locked
from nss_portal.core.locks import lock
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

DAYS_TO_ANSWER = 14
PER_ADDRESS_A_DAY = 5
# A question lives on for a while after its answer; so does the link.
LINK_DAYS = 730


@transaction.atomic
def ask(
    *,
    actor: Actor,
    organisation: Organisation,
    title: str,
    text: str,
    theme: Theme | None,
    may_publish: bool,
    ask_cities: bool = False,
) -> DeskQuestion:
    """Receive a question of an organisation, and give it to whoever has its theme.

    With `ask_cities` the cities most alike are asked too whether they have done this. Raises NotAllowed for
    another organisation, ValidationError for a question without words, or while nobody keeps the desk.
    """
    require_for(actor, "desk_question", "ask", organisation)
    now = timezone.now()
    question = DeskQuestion.objects.create(
        organisation=organisation,
        asked_by_id=getattr(actor, "pk", None),
        language=getattr(actor, "language", settings.LANGUAGE_CODE),
        **_texts(title, text),
        theme=theme,
        may_publish=may_publish,
        holder=first_holder(theme),
        received_at=now,
        verified_at=now,
        due_on=today() + timedelta(days=DAYS_TO_ANSWER),
    )
    audit.record(actor=actor, event=Event.CREATED, obj=question, on_behalf_of=organisation)
    letters.write_to_holder(question, kind="asked", key=f"asked:{question.pk}", by=letters.named(organisation))
    if ask_cities:
        invite_alike(actor=actor, question=question)
    return question


def _texts(title: str, text: str) -> dict[str, str]:
    title, text = title.strip(), text.strip()
    if not title:
        raise ValidationError({"title": _("Write the question in one line.")})
    return {"title": title[:160], "text": text}


@transaction.atomic
def ask_by_form(
    *,
    actor: Actor,
    name: str,
    email: str,
    asker_from: str,
    title: str,
    text: str,
    theme: Theme | None,
    may_publish: bool,
) -> DeskQuestion:
    """Receive a question of somebody without an account; it counts once the link in the mail was opened.

    The same question sent twice is one. Raises NotAllowed for who has an account (and asks with it),
    ValidationError when an address asks too often.
    """
    if "form" not in granted(actor, "desk_question", "ask"):
        raise NotAllowed(_("You have an account: ask in the name of your organisation."))
    email = email.strip().lower()
    # The same question sent twice at once is one, and nobody asks more often by pressing quickly.
    lock(f"desk question of {email}")
    texts = _texts(title, text)
    lately = DeskQuestion.objects.filter(
        asker_email=email, organisation__isnull=True, received_at__gte=timezone.now() - timedelta(days=1)
    )
    question = lately.filter(**texts).first()
    if question is None:
        if lately.count() >= PER_ADDRESS_A_DAY:
            raise ValidationError({"email": _("This address has asked often today. Try again tomorrow.")})
        question = DeskQuestion.objects.create(
            **texts,
            asker_name=name.strip(),
            asker_email=email,
            asker_from=asker_from.strip(),
            language=translation.get_language() or settings.LANGUAGE_CODE,
            theme=theme,
            may_publish=may_publish,
            holder=first_holder(theme),
        )
        audit.record(actor=actor, event=Event.REQUESTED, obj=question)
    if question.verified_at is None:
        # At most once a day for one question.
        key = f"verify:{question.pk}:{today().isoformat()}"
        letters.write_to_asker(question, kind="verify", key=key)
    return question


def question_of_link(token: str) -> DeskQuestion | None:
    """Give the question of a personal link, or None for a link that is wrong or too old."""
    try:
        public_id = signing.loads(token, salt=letters.SALT, max_age=LINK_DAYS * 24 * 3600)
    except signing.BadSignature:
        return None
    found = DeskQuestion.objects.filter(public_id=public_id, organisation__isnull=True)
    return found.select_related("holder", "theme", "handler").first()


def asker(question: DeskQuestion) -> LinkActor:
    """Give the holder of the personal link of a question."""
    return LinkActor(label=_("asker, by personal link"), organisation_id=None, purpose=question_purpose(question))


@transaction.atomic
def verify_address(*, actor: Actor, question: DeskQuestion) -> DeskQuestion:
    """Note that the asker's address is right: from now on the question is handled. Twice does no harm.

    Raises NotAllowed without the link.
    """
    if not (isinstance(actor, LinkActor) and holds_link(actor, question)):
        raise NotAllowed(_("Use the link in the mail that you got."))
    fresh = locked(question)
    if fresh.verified_at is None and fresh.state == QuestionState.NEW:
        fresh.verified_at = fresh.changed_at = timezone.now()
        fresh.due_on = today() + timedelta(days=DAYS_TO_ANSWER)
        fresh.save(update_fields=["verified_at", "changed_at", "due_on"])
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes={"verified": [False, True]})
        letters.write_to_asker(fresh, kind="received", key=f"received:{fresh.pk}", by=letters.named(fresh.holder))
        by = fresh.asker_from or _("somebody without an account")
        letters.write_to_holder(fresh, kind="asked", key=f"asked:{fresh.pk}", by=by)
    return fresh


@transaction.atomic
def forget_unverified_questions(*, before: datetime) -> int:
    """Delete questions received before a moment whose address nobody confirmed: only the asker has seen them."""
    old = DeskQuestion.objects.select_for_update().filter(verified_at__isnull=True, received_at__lt=before)
    number = 0
    for question in old:
        audit.record(actor=User.objects.system(), event=Event.DELETED, obj=question)
        question.delete()
        number += 1
    return number
