"""What one does with a question: a page per step, for who has an account and for who came by a personal link."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.forms.desk_questions import CitiesForm, JoinForm, PublishForm, ReferForm, TextForm, ThemeForm
from activities.models.desk_question import DeskInvite, DeskQuestion, InviteState, QuestionState
from activities.selectors.desk_questions import open_like
from activities.services.desk import handling, inviting, publishing, routing
from activities.services.desk.voices import asks_for, handles, held_by_actor, keeps_desk
from activities.views.desk_common import add_errors
from cities.forms.reasons import ReasonForm
from cities.models import Municipality
from cities.views.posting import posted
from governance.models import Organisation
from nss_portal.core.access import LinkActor, NotAllowed
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

Text = str | Promise
State = QuestionState
BUSY = (State.NEW, State.HANDLING, State.REFERRED, State.REOPENED)
OPEN = (*BUSY, State.WAITING)
DONE = (State.ANSWERED, State.CLOSED)


@dataclass(frozen=True)
class Action:
    """A step that somebody can take now, with its address."""

    name: str
    label: Text
    is_strong: bool


@dataclass(frozen=True)
class StepPage:
    """A step: who takes it ('handler', 'asker', 'desk', 'city'), from which states, with which form, what it does.

    `do` gets the actor, the question and what was filled in.
    """

    label: Text
    who: str
    states: Sequence[State]
    do: Callable[[Any, DeskQuestion, dict[str, Any]], object]
    done: Text
    form: Callable[[HttpRequest, DeskQuestion, Any], forms.Form | None] = lambda request, question, actor: None
    fits: Callable[[DeskQuestion], bool] = lambda question: True
    consequences: Sequence[Text] = ()
    is_strong: bool = False
    danger: bool = False


def _text(label: Text, help_text: Text = "") -> Callable[[HttpRequest, DeskQuestion, Any], forms.Form]:
    return lambda request, question, actor: TextForm(posted(request), label=label, help_text=help_text)


def _reason(request: HttpRequest, question: DeskQuestion, actor: Any) -> forms.Form:
    return ReasonForm(posted(request))


def _refer_form(request: HttpRequest, question: DeskQuestion, actor: Any) -> forms.Form:
    return ReferForm(posted(request), places=routing.places_to_refer_to(question))


def _refer(actor: Any, question: DeskQuestion, values: dict[str, Any]) -> object:
    to = Organisation.objects.get(public_id=values["to"])
    return handling.refer(actor=actor, question=question, to=to, reason=values["reason"])


def _publish_form(request: HttpRequest, question: DeskQuestion, actor: Any) -> forms.Form:
    return PublishForm(posted(request), initial=publishing.proposal(question))


def _cities_form(request: HttpRequest, question: DeskQuestion, actor: Any) -> forms.Form:
    offered = routing.cities_to_ask(actor, question)
    names = dict(
        Organisation.objects.filter(pk__in=[city.organisation for city in offered]).values_list("pk", "public_id")
    )
    choices = [
        (names[city.organisation], f"{city.name} ({city.why})" if city.why else city.name) for city in offered
    ]
    everybody = Municipality.objects.current().order_by("common_name")
    others = list(everybody.values_list("organisation__public_id", "common_name"))
    initial = {"cities": [value for value, _label in choices]}
    return CitiesForm(posted(request), offered=choices, others=others, initial=initial)


def _invite(actor: Any, question: DeskQuestion, values: dict[str, Any]) -> object:
    wanted = [*values["cities"], *([values["other"]] if values["other"] else [])]
    cities = inviting.chosen(question, routing.cities_to_ask(actor, question), wanted)
    return inviting.invite_cities(actor=actor, question=question, cities=cities)


def _join_form(request: HttpRequest, question: DeskQuestion, actor: Any) -> forms.Form:
    offered = [(one.public_id, one.title) for one in open_like(actor, question)]
    return JoinForm(posted(request), offered=offered)


def _join(actor: Any, question: DeskQuestion, values: dict[str, Any]) -> object:
    code = (values.get("code") or values.get("to") or "").strip().lower()
    to = DeskQuestion.objects.visible_to(actor).filter(public_id=code).first()
    if to is None:
        raise ValidationError({"code": _("There is no question with this code.")})
    return handling.join(actor=actor, question=question, to=to)


def _theme_form(request: HttpRequest, question: DeskQuestion, actor: Any) -> forms.Form:
    return ThemeForm(posted(request), initial={"theme": question.theme.code if question.theme else None})


def _is_single(question: DeskQuestion) -> bool:
    return question.joined_to_id is None


STEPS: dict[str, StepPage] = {
    "beantwoorden": StepPage(
        gettext_lazy("Answer the question"),
        "handler",
        OPEN,
        lambda actor, question, values: handling.answer(actor=actor, question=question, text=values["text"]),
        gettext_lazy("Answered. The asker gets a mail."),
        form=_text(
            gettext_lazy("Answer"), gettext_lazy("The asker reads this. You decide later whether others do.")
        ),
        fits=_is_single,
        is_strong=True,
    ),
    "ervaring": StepPage(
        gettext_lazy("Tell what our city did"),
        "city",
        OPEN,
        lambda actor, question, values: inviting.tell_experience(
            actor=actor, question=question, text=values["text"]
        ),
        gettext_lazy("Thank you. The asker gets a mail."),
        form=_text(
            gettext_lazy("What did your city do, and what would it do otherwise?"),
            gettext_lazy("Two sentences help already."),
        ),
        is_strong=True,
    ),
    "reageren": StepPage(
        gettext_lazy("React"),
        "asker",
        OPEN,
        lambda actor, question, values: handling.reply(actor=actor, question=question, text=values["text"]),
        gettext_lazy("Sent to who handles the question."),
        form=_text(gettext_lazy("Reaction")),
        is_strong=True,
    ),
    "sluiten": StepPage(
        gettext_lazy("This helps, close the question"),
        "asker",
        [State.ANSWERED],
        lambda actor, question, values: handling.close(actor=actor, question=question),
        gettext_lazy("Closed. Good that it helped."),
        is_strong=True,
    ),
    "heropenen": StepPage(
        gettext_lazy("This does not help yet"),
        "asker",
        DONE,
        lambda actor, question, values: handling.reopen(actor=actor, question=question, reason=values["reason"]),
        gettext_lazy("The question is open again."),
        form=_reason,
    ),
    "oppakken": StepPage(
        gettext_lazy("I take this up"),
        "handler",
        [State.NEW, State.REFERRED, State.REOPENED],
        lambda actor, question, values: handling.take_up(actor=actor, question=question),
        gettext_lazy("You handle this question now."),
        fits=_is_single,
        consequences=[gettext_lazy("The asker sees that somebody works on it.")],
    ),
    "doorverwijzen": StepPage(
        gettext_lazy("Refer it on"),
        "handler",
        OPEN,
        _refer,
        gettext_lazy("Referred on. The asker sees who has the question now."),
        form=_refer_form,
        fits=_is_single,
    ),
    "navragen": StepPage(
        gettext_lazy("Ask the asker something"),
        "handler",
        BUSY,
        lambda actor, question, values: handling.ask_back(actor=actor, question=question, text=values["text"]),
        gettext_lazy("Asked. The question waits for the asker."),
        form=_text(gettext_lazy("What do you need to know?")),
        fits=_is_single,
    ),
    "steden-vragen": StepPage(
        gettext_lazy("Ask cities who has done this"),
        "both",
        OPEN,
        _invite,
        gettext_lazy("The cities are asked."),
        form=_cities_form,
    ),
    "notitie": StepPage(
        gettext_lazy("Leave an internal note"),
        "handler",
        tuple(State),
        lambda actor, question, values: handling.note(actor=actor, question=question, text=values["text"]),
        gettext_lazy("The note is kept."),
        form=_text(gettext_lazy("Note"), gettext_lazy("Only those who handle the question read this.")),
    ),
    "thema": StepPage(
        gettext_lazy("Put it under a theme"),
        "handler",
        tuple(State),
        lambda actor, question, values: handling.set_theme(actor=actor, question=question, theme=values["theme"]),
        gettext_lazy("The theme is noted."),
        form=_theme_form,
    ),
    "samenvoegen": StepPage(
        gettext_lazy("This was asked before"),
        "handler",
        OPEN,
        _join,
        gettext_lazy("Joined. One answer goes to both askers."),
        form=_join_form,
        fits=_is_single,
    ),
    "losmaken": StepPage(
        gettext_lazy("It is another question after all"),
        "handler",
        OPEN,
        lambda actor, question, values: handling.separate(actor=actor, question=question),
        gettext_lazy("The questions are apart again."),
        fits=lambda question: question.joined_to_id is not None,
    ),
    "publiceren": StepPage(
        gettext_lazy("Let everybody read this"),
        "desk",
        DONE,
        lambda actor, question, values: publishing.publish(actor=actor, question=question, **values),
        gettext_lazy("Everybody can read the question and the answer now."),
        form=_publish_form,
        fits=lambda question: question.may_publish,
        consequences=[
            gettext_lazy("The name of the asker and of the city are nowhere on the public page."),
            gettext_lazy("The asker gets a mail, and can take it off the site."),
        ],
    ),
    "van-de-site": StepPage(
        gettext_lazy("Take it off the site"),
        "asker or desk",
        tuple(State),
        lambda actor, question, values: publishing.unpublish(actor=actor, question=question),
        gettext_lazy("Question and answer are no longer public."),
        fits=lambda question: question.published_at is not None,
        danger=True,
    ),
    "mag-openbaar": StepPage(
        gettext_lazy("Others may read this after all"),
        "asker",
        tuple(State),
        lambda actor, question, values: publishing.agree(actor=actor, question=question),
        gettext_lazy("Thank you. The desk decides whether it is published."),
        fits=lambda question: not question.may_publish,
        consequences=[gettext_lazy("Your name and your organisation stay out of it.")],
    ),
    "geen-ervaring": StepPage(
        gettext_lazy("We have no experience with this"),
        "city",
        OPEN,
        lambda actor, question, values: inviting.decline_invite(actor=actor, question=question),
        gettext_lazy("Noted. You are not asked about this any more."),
    ),
    "intrekken": StepPage(
        gettext_lazy("No longer needed"),
        "asker",
        OPEN,
        lambda actor, question, values: handling.withdraw(actor=actor, question=question),
        gettext_lazy("The question is closed."),
        consequences=[gettext_lazy("Nobody works on the question any more. You can open it again later.")],
        danger=True,
    ),
}


def _roles(actor: Any, question: DeskQuestion, invites: Sequence[DeskInvite]) -> set[str]:
    """Give as what somebody takes steps: names as in `StepPage.who`."""
    found = set()
    is_asker, is_handler = asks_for(actor, question), handles(actor, question)
    if question.verified_at is not None:
        if is_asker:
            found |= {"asker", "both", "asker or desk"}
        if is_handler:
            found |= {"handler", "both"}
        if keeps_desk(actor):
            found |= {"desk", "asker or desk"}
        held = held_by_actor(actor)
        if any(one.organisation_id in held and one.state != InviteState.DECLINED for one in invites):
            found.add("city")
    return found


def actions_for(actor: Any, question: DeskQuestion, invites: Sequence[DeskInvite]) -> list[Action]:
    """Give the steps that somebody can take now, the one that is asked of them marked as strong. No query."""
    roles = _roles(actor, question, invites)
    if isinstance(actor, LinkActor):
        roles.discard("both")
    return [
        Action(name, step.label, step.is_strong)
        for name, step in STEPS.items()
        if step.who in roles and question.state in step.states and step.fits(question)
    ]


def find_question(request: HttpRequest, public_id: str) -> DeskQuestion:
    """Give a question that the person may see; raises Http404."""
    visible = DeskQuestion.objects.visible_to(request.user)
    related = ("organisation", "holder", "theme", "asked_by", "handler", "joined_to")
    return get_object_or_404(visible.select_related(*related), public_id=public_id)


def step(request: HttpRequest, public_id: str, name: str) -> HttpResponse:
    """A step with an account: 404 for what one may not see, 403 with the reason for what one may not do."""
    question = find_question(request, public_id)
    return take_step(request, question, request.user, name, question.get_absolute_url())


def take_step(request: HttpRequest, question: DeskQuestion, actor: Any, name: str, back: str) -> HttpResponse:
    """Show the page of a step and, when it is sent and can be done, do it and go back to the question."""
    page = STEPS.get(name)
    if page is None:
        raise Http404
    invites = list(question.invites.all())
    if page.who not in _roles(actor, question, invites):
        raise NotAllowed(_refusal(page.who, question))
    if question.state not in page.states or not page.fits(question):
        messages.error(request, _("This has changed in the meantime. Look at the page again."))
        return redirect(back)
    form = page.form(request, question, actor)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            page.do(actor, question, form.cleaned_data if form else {})
        except TransitionRefused as error:
            _refused(request, form, str(error))
        except ValidationError as error:
            if form is None or not hasattr(error, "error_dict"):
                _refused(request, form, " ".join(error.messages))
            else:
                add_errors(form, error)
        else:
            messages.success(request, str(page.done))
            return redirect(back)
        if form is None:
            return redirect(back)
    return render(request, "activities/desk/act.html", _page(page, question, form, back))


def _refused(request: HttpRequest, form: forms.Form | None, text: str) -> None:
    if form is None:
        messages.error(request, text)
    else:
        form.add_error(None, text)


def _refusal(who: str, question: DeskQuestion) -> str:
    if who == "city":
        return _("Only a city that was asked answers from its own experience.")
    if who == "asker":
        return _("Only the asker reacts here.")
    if who == "desk":
        return _("The desk decides which answers everybody reads.")
    return _("This question is with {name}.").format(name=question.holder.short_name or question.holder.name)


def _page(page: StepPage, question: DeskQuestion, form: forms.Form | None, back: str) -> dict[str, Any]:
    return {
        "title": page.label,
        "intro": question.title,
        "consequences": page.consequences,
        "action": page.label,
        "form": form,
        "back_url": back,
        "danger": page.danger,
        "question": question,
    }
