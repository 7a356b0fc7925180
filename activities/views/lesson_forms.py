"""Writing lessons: a new one, its form, what is saved while typing, files beside it, throwing a draft away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.forms.lessons import TEXTS, FileForm, LessonForm, NewLessonForm
from activities.models import Lesson
from activities.models.lesson import LessonState
from activities.selectors.lessons import offered_bottlenecks, subjects_of_lessons
from activities.services import lesson_files
from activities.services import lessons as services
from activities.services.lessons import LINKED, Details
from activities.views.lessons import visible_lesson
from cities.views.posting import posted
from governance.services.ownership import organisations_for
from nss_portal.core.access import NotAllowed
from nss_portal.core.conflicts import beside, sent_again
from nss_portal.core.editing import EditConflict
from nss_portal.core.files import files_of
from nss_portal.core.rendering import render

PLAIN = [name for name in Details.__dataclass_fields__ if name not in LINKED]


def editable(request: HttpRequest, public_id: str) -> Lesson:
    """Give a lesson whose text is open to the person: 404 when not visible, 403 when not theirs now."""
    lesson = visible_lesson(request, public_id)
    if not services.may_edit(request.user, lesson):
        raise NotAllowed(_("The text of this lesson is not yours to change now."))
    return lesson


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
    return render(request, "activities/lesson_new.html", {"form": form})


def _form(request: HttpRequest, lesson: Lesson, data: Any) -> LessonForm:
    initial: dict[str, Any] = {name: getattr(lesson, name) for name in (*TEXTS, "version", *PLAIN)}
    if request.method != "POST":
        initial |= {name: getattr(lesson, name).all() for name in LINKED}
    return LessonForm(data, initial=initial, bottlenecks=offered_bottlenecks(request.user, lesson))


def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Finish a draft or edit what was released; a colleague's change in between is shown beside it."""
    lesson = editable(request, public_id)
    form = _form(request, lesson, posted(request))
    conflict: list[dict[str, Any]] = []
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, lesson, form)
        except EditConflict as error:
            conflict, status = beside(form, error), 409
            form = _form(request, lesson, sent_again(request, error))
        else:
            messages.success(request, _("The lesson is saved."))
            return redirect(saved)
    context = {
        "form": form,
        "lesson": lesson,
        "conflict": conflict,
        "is_draft": lesson.state == LessonState.DRAFT,
        "files": files_of(lesson),
    }
    return render(request, "activities/lesson_form.html", context, status=status)


def _save(request: HttpRequest, lesson: Lesson, form: LessonForm) -> Lesson:
    values = form.cleaned_data
    texts = {name: values[name] for name in TEXTS}
    return services.change_lesson(
        actor=request.user, lesson=lesson, version=values["version"] or 0, details=form.details, **texts
    )


@require_POST
def autosave(request: HttpRequest, public_id: str) -> JsonResponse:
    """Save a draft while somebody types; answers with the time and the new version, or 409 with what to do."""
    lesson = editable(request, public_id)
    form = _form(request, lesson, request.POST)
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


def add_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add a file as evidence."""
    lesson = editable(request, public_id)
    form = FileForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            lesson_files.add_file(actor=request.user, lesson=lesson, upload=form.cleaned_data["file"])
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, _("The file is added."))
            return redirect(lesson)
    return render(request, "activities/lesson_file.html", {"form": form, "lesson": lesson})


@require_POST
def remove_file(request: HttpRequest, public_id: str, file_id: str) -> HttpResponse:
    """Take a file away from a lesson that is being written."""
    lesson = editable(request, public_id)
    stored = next((one for one in files_of(lesson) if one.public_id == file_id), None)
    if stored is None:
        raise Http404
    lesson_files.remove_file(actor=request.user, lesson=lesson, stored=stored)
    messages.success(request, _("The file is taken away."))
    return redirect(lesson)


def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a draft away, after asking."""
    lesson = editable(request, public_id)
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
