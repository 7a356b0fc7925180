"""The way of a lesson: its steps, for whom it is published, new versions, and versions beside each other."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from activities.forms.lessons import AudienceForm
from activities.models import Lesson, LessonVersion
from activities.models.lesson import Audience, LessonState
from activities.models.lesson_parts import CommentedField
from activities.services import lesson_versions
from activities.services import lessons as services
from activities.views.lessons import visible_lesson
from activities.workflow import open_steps
from cities.forms.reasons import ReasonForm
from cities.presenting import knows_people
from cities.views.posting import posted
from nss_portal.core.access import require
from nss_portal.core.rendering import render
from nss_portal.core.worddiff import compared
from nss_portal.core.workflow import Step, TransitionRefused


def move(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Take a step of the workflow: a page that says what it does and asks for what it needs."""
    lesson = visible_lesson(request, public_id)
    chosen = next((s for s in open_steps(lesson) if s.name == step), None)
    if chosen is None or chosen.action is None:
        raise Http404
    require(request.user, "lesson", chosen.action, lesson)
    form = _step_form(request, lesson, chosen)
    if request.method == "POST" and (form is None or form.is_valid()):
        values = form.cleaned_data if form else {}
        try:
            moved = services.move_lesson(actor=request.user, lesson=lesson, step=step, **values)
            return redirect(moved)
        except TransitionRefused as error:
            if form is None:
                messages.error(request, str(error))
                return redirect("activities:lesson", public_id=lesson.public_id)
            # What was chosen or written stays in the form.
            form.add_error(None, str(error))
    return render(request, "components/confirm.html", _confirm_context(lesson, chosen, form))


def _step_form(request: HttpRequest, lesson: Lesson, step: Step) -> AudienceForm | ReasonForm | None:
    if step.target == LessonState.PUBLISHED:
        return AudienceForm(posted(request), initial={"audiences": lesson.audiences or [Audience.EVERYBODY.value]})
    if not step.needs_reason:
        return None
    form = ReasonForm(posted(request))
    if step.target == LessonState.TAKEN_OVER:
        form.fields["reason"].label = _("What changed, and why?")
        form.fields["reason"].help_text = _("This stands with the version, for who read the old one.")
    return form


def _confirm_context(lesson: Lesson, step: Step, form: object) -> dict[str, Any]:
    gone = _("Nobody outside the own organisation and the editors can read the lesson any more.")
    told = _("Who has it reads that it was withdrawn, and why; who applies it gets a mail.")
    consequences = {
        "release": [
            _("The network of mission and EoI cities can read the lesson from now on."),
            _("The editors look at the text before it is published for everybody."),
            _("You can withdraw it at any time."),
        ],
        "take_up": [_("The city sees that you are editing the text.")],
        "publish": [_("Who belongs to the audience can read the lesson, with the name of the city.")],
        "take_over": [
            _("The new version takes the place of the old one, at the same address."),
            _("The old version stays readable, and can be compared with this one."),
        ],
        "send_back": [_("The lesson becomes a draft of the city again; the network no longer sees it.")],
        "withdraw": [gone, told],
        "take_down": [gone, told],
    }
    if lesson.is_revision and step.name == "release":
        consequences["release"] = [_("The editors look at the new version. The old one stays up until then.")]
    return {
        "title": step.label,
        "intro": lesson.title,
        "consequences": consequences[step.name],
        "action": step.label,
        "form": form,
        "back_url": lesson.get_absolute_url(),
        "danger": step.name in {"withdraw", "take_down"},
    }


def audiences(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose other audiences for a published lesson."""
    lesson = visible_lesson(request, public_id)
    require(request.user, "lesson", "publish", lesson)
    if lesson.state != LessonState.PUBLISHED:
        raise Http404
    form = AudienceForm(posted(request), initial={"audiences": lesson.audiences or [Audience.EVERYBODY.value]})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["audiences"]
        services.change_audiences(actor=request.user, lesson=lesson, audiences=chosen)
        messages.success(request, _("Saved for whom the lesson is published."))
        return redirect(lesson)
    context = {
        "title": _("For whom is it published?"),
        "intro": lesson.title,
        "consequences": [],
        "action": _("Save the audiences"),
        "form": form,
        "back_url": lesson.get_absolute_url(),
        "danger": False,
    }
    return render(request, "components/confirm.html", context)


@require_POST
def revise(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begin a new version, or go on with the one that is on its way."""
    lesson = visible_lesson(request, public_id)
    revision = lesson_versions.start_revision(actor=request.user, lesson=lesson)
    is_open = revision.state == LessonState.DRAFT
    visible = Lesson.objects.visible_to(request.user).filter(pk=revision.pk).exists()
    if not visible:
        messages.info(request, _("A new version is being written already."))
        return redirect(lesson)
    return redirect("activities:lesson_edit" if is_open else "activities:lesson", public_id=revision.public_id)


@require_safe
def versions(request: HttpRequest, public_id: str) -> HttpResponse:
    """The versions of a lesson, and two of them word by word: `?van=1&naar=2`, by default the last two."""
    lesson = visible_lesson(request, public_id)
    kept = {version.number: version for version in lesson.editions.order_by("-number")}
    newest = max(kept, default=0)
    new = kept.get(_number(request, "naar", newest))
    old = kept.get(_number(request, "van", (new.number if new else newest) - 1))
    if not kept or new is None or (old is None and "van" in request.GET):
        raise Http404
    context = {
        "lesson": lesson,
        "versions": list(kept.values()),
        "old": old,
        "new": new,
        "texts": _beside(old, new) if old else [],
        "facts": _facts_beside(old, new) if old else [],
        "with_people": knows_people(request.user),
    }
    return render(request, "activities/lesson_versions.html", context)


def _number(request: HttpRequest, name: str, default: int) -> int:
    asked = request.GET.get(name, "")
    return int(asked) if asked.isdecimal() and len(asked) < 6 else default


def _beside(old: LessonVersion, new: LessonVersion) -> list[dict[str, Any]]:
    """Give the texts of two versions word by word."""
    texts = []
    for field in CommentedField:
        before, after = getattr(old, field.value), getattr(new, field.value)
        if before or after:
            texts.append({"label": field.label, "pieces": compared(before, after), "is_same": before == after})
    return texts


def _facts_beside(old: LessonVersion, new: LessonVersion) -> list[dict[str, str]]:
    """Give the facts that differ between two versions."""
    before, after = dict(old.facts), dict(new.facts)
    labels = list(dict.fromkeys([*before, *after]))
    rows = [{"label": label, "old": before.get(label, ""), "new": after.get(label, "")} for label in labels]
    return [row for row in rows if row["old"] != row["new"]]
