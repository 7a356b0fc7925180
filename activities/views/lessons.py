"""The register of lessons, the page of one and its form."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.filters.lessons import LessonFilter
from activities.forms.lessons import LessonForm, NewLessonForm
from activities.models import Lesson
from activities.models.lesson import LessonState
from activities.presenting.lessons import LESSON_TONES, lesson_facts, lesson_steps
from activities.selectors.lessons import subjects_of_lessons
from activities.services import lessons as services
from activities.workflow import LESSON
from cities.forms.reasons import ReasonForm
from cities.presenting import transition_history
from cities.services.editing import EditConflict
from cities.services.ownership import organisations_for
from cities.views.posting import posted
from nss_portal.core.access import NotAllowed, may, require
from nss_portal.core.workflow import Step, TransitionRefused

PER_PAGE = 50
TEXTS = ("title", "what_worked", "what_failed", "theme")
# The step that stands as the strong button; the others are links.
STRONG = ("release", "take_up", "publish")


def lesson_list(request: HttpRequest) -> HttpResponse:
    """The register: what the person may see, drafts of the own organisation included."""
    visible = Lesson.objects.visible_to(request.user).listed().select_related("organisation", "theme")
    found = LessonFilter(request.GET, queryset=visible, request=request)
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": found,
        "page_obj": page,
        "rows": [{"lesson": lesson, "tone": LESSON_TONES[LessonState(lesson.state)]} for lesson in page],
        "may_write": may(request.user, "lesson", "write"),
    }
    return render(request, "activities/lesson_list.html", context)


def _visible(request: HttpRequest, public_id: str) -> Lesson:
    visible = Lesson.objects.visible_to(request.user)
    return get_object_or_404(
        visible.select_related("organisation", "author_organisation", "theme"), public_id=public_id
    )


def _editable(request: HttpRequest, public_id: str) -> Lesson:
    """Give a lesson whose text is open to the person: 404 when not visible, 403 when not theirs now."""
    lesson = _visible(request, public_id)
    if not services.may_edit(request.user, lesson):
        raise NotAllowed(_("The text of this lesson is not yours to change now."))
    return lesson


def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One lesson to read, with where it stands and the next step for who may take it."""
    lesson = _visible(request, public_id)
    steps = [
        step
        for step in LESSON.open_steps(lesson)
        if step.action and may(request.user, "lesson", step.action, lesson)
    ]
    labels = {state.value: str(state.label) for state in LessonState}
    is_reader = lesson.state == LessonState.PUBLISHED and not steps
    context = {
        "lesson": lesson,
        "tone": LESSON_TONES[LessonState(lesson.state)],
        "facts": lesson_facts(lesson),
        "way": [] if is_reader else lesson_steps(lesson),
        "strong": next((step for step in steps if step.name in STRONG), None),
        "moves": [step for step in steps if step.name not in STRONG],
        "may_edit": services.may_edit(request.user, lesson),
        "is_draft": lesson.state == LessonState.DRAFT,
        "history": [] if is_reader else transition_history(lesson, labels, with_people=True),
    }
    return render(request, "activities/lesson.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """Write a new lesson."""
    authors = organisations_for(request.user, "lesson", "write")
    if not authors.exists():
        raise NotAllowed(_("Your organisation does not write lessons here."))
    form = NewLessonForm(posted(request), authors=authors, subjects=subjects_of_lessons(authors))
    if request.method == "POST" and form.is_valid():
        names = (*TEXTS, "organisation", "author_organisation")
        values = {name: form.cleaned_data[name] for name in names}
        draft = services.create_lesson_draft(actor=request.user, **values)
        messages.success(request, _("The draft is saved."))
        return redirect(draft)
    return render(request, "activities/lesson_form.html", {"form": form, "lesson": None, "conflict": []})


def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Finish a draft or edit what was released; a colleague's change in between is shown beside it."""
    lesson = _editable(request, public_id)
    initial: dict[str, Any] = {name: getattr(lesson, name) for name in (*TEXTS, "version")}
    form = LessonForm(posted(request), initial=initial)
    conflict: list[dict[str, Any]] = []
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, lesson, form)
        except EditConflict as error:
            conflict, status = _beside(form, error), 409
            data = request.POST.copy()
            data["version"] = str(getattr(error.record, "version"))  # noqa: B009 - Model itself has no version
            form = LessonForm(data, initial=initial)
        else:
            messages.success(request, _("The lesson is saved."))
            return redirect(saved)
    is_draft = lesson.state == LessonState.DRAFT
    context = {"form": form, "lesson": lesson, "conflict": conflict, "is_draft": is_draft}
    return render(request, "activities/lesson_form.html", context, status=status)


def _save(request: HttpRequest, lesson: Lesson, form: LessonForm) -> Lesson:
    values = form.cleaned_data
    texts = {name: values[name] for name in TEXTS}
    return services.change_lesson(actor=request.user, lesson=lesson, version=values["version"] or 0, **texts)


def _beside(form: LessonForm, error: EditConflict) -> list[dict[str, Any]]:
    """Give the fields that differ, mine and theirs."""
    return [
        {"label": form.fields[name].label, "mine": form.cleaned_data[name], "theirs": getattr(error.record, name)}
        for name in TEXTS
        if form.cleaned_data[name] != getattr(error.record, name)
    ]


@require_POST
def autosave(request: HttpRequest, public_id: str) -> JsonResponse:
    """Save a draft while somebody types; answers with the time and the new version, or 409 with what to do."""
    lesson = _editable(request, public_id)
    form = LessonForm(request.POST)
    if lesson.state != LessonState.DRAFT or not form.is_valid():
        message = _("Not saved by itself. Save the form to see what is asked.")
        return JsonResponse({"message": message}, status=422)
    try:
        saved = _save(request, lesson, form)
    except EditConflict:
        message = _("A colleague changed this in the meantime. Save to see both texts.")
        return JsonResponse({"message": message}, status=409)
    now = timezone.localtime().strftime("%H.%M")
    return JsonResponse({"saved_at": now, "version": saved.version})


def move(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Take a step of the workflow: a page that says what it does and asks for a reason where one is needed."""
    lesson = _visible(request, public_id)
    chosen = next((s for s in LESSON.open_steps(lesson) if s.name == step), None)
    if chosen is None or chosen.action is None:
        raise Http404
    require(request.user, "lesson", chosen.action, lesson)
    form = ReasonForm(posted(request)) if chosen.needs_reason else None
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form else ""
        try:
            services.move_lesson(actor=request.user, lesson=lesson, step=step, reason=reason)
            return redirect("activities:lesson", public_id=lesson.public_id)
        except TransitionRefused as error:
            messages.error(request, str(error))
            return redirect("activities:lesson", public_id=lesson.public_id)
    return render(request, "components/confirm.html", _confirm_context(lesson, chosen, form))


def _confirm_context(lesson: Lesson, step: Step, form: ReasonForm | None) -> dict[str, Any]:
    consequences = {
        "release": [
            _("The network of mission and EoI cities can read the lesson from now on."),
            _("The editors look at the text before it is published for everybody."),
            _("You can withdraw it at any time."),
        ],
        "take_up": [_("The city sees that you are editing the text.")],
        "publish": [_("Everybody can read the lesson, with the name of the city.")],
        "send_back": [_("The lesson becomes a draft of the city again; the network no longer sees it.")],
        "withdraw": [_("Nobody outside the own organisation and the editors can read the lesson any more.")],
        "take_down": [_("Nobody outside the own organisation and the editors can read the lesson any more.")],
    }
    return {
        "title": step.label,
        "intro": lesson.title,
        "consequences": consequences[step.name],
        "action": step.label,
        "form": form,
        "back_url": lesson.get_absolute_url(),
        "danger": step.name in {"withdraw", "take_down"},
    }


def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a draft away, after asking."""
    lesson = _editable(request, public_id)
    if lesson.state != LessonState.DRAFT:
        raise Http404
    if request.method == "POST":
        services.discard_lesson_draft(actor=request.user, lesson=lesson)
        messages.success(request, _("The draft is thrown away."))
        return redirect("activities:lessons")
    context = {
        "title": _("Throw this draft away?"),
        "intro": lesson.title,
        "consequences": [_("The draft is gone for good. Nobody else has read it.")],
        "action": _("Throw the draft away"),
        "back_url": lesson.get_absolute_url(),
        "danger": True,
        "form": None,
    }
    return render(request, "components/confirm.html", context)
