"""Comments in the text of a lesson."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.forms.lessons import AnswerForm, CommentForm
from activities.models import Lesson, LessonComment
from activities.models.lesson_parts import CommentedField
from activities.presenting.lesson_text import paragraphs
from activities.services import lesson_comments as services
from activities.views.lessons import visible_lesson
from cities.views.posting import posted
from nss_portal.core.access import NotAllowed
from nss_portal.core.rendering import render

PLACE = "#opmerkingen"


def _commented(request: HttpRequest, public_id: str) -> Lesson:
    """Give a lesson of which the person takes part in the comments: 404 when not visible, 403 when not theirs."""
    lesson = visible_lesson(request, public_id)
    if not services.may_comment(request.user, lesson):
        raise NotAllowed(_("Comments are for the writers of the lesson and its editors."))
    return lesson


def add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Comment on a passage: `?veld=what_worked&vanaf=120` gives the paragraph, `&passage=` the words in it."""
    lesson = _commented(request, public_id)
    field = request.GET.get("veld", "")
    if field not in CommentedField.values:
        raise Http404
    start = request.GET.get("vanaf", "")
    near = int(start) if start.isdecimal() and len(start) < 8 else 0
    text = str(getattr(lesson, field))
    form = CommentForm(posted(request), initial={"passage": request.GET.get("passage") or _around(text, near)})
    if request.method == "POST" and form.is_valid():
        try:
            services.add_comment(actor=request.user, lesson=lesson, field=field, near=near, **form.cleaned_data)
        except services.NoSuchPassage as error:
            form.add_error("passage", str(error))
        else:
            messages.success(request, _("The comment is added."))
            return redirect(lesson.get_absolute_url() + PLACE)
    context = {"lesson": lesson, "form": form, "label": CommentedField(field).label}
    return render(request, "activities/lesson_comment.html", context)


def _around(text: str, near: int) -> str:
    """Give the paragraph that begins at a place, or the whole text when none does."""
    found = (one["text"] for one in paragraphs("", text, []) if one["start"] == near)
    return str(next(found, text))


def _comment(request: HttpRequest, public_id: str, number: int) -> LessonComment:
    lesson = _commented(request, public_id)
    first = LessonComment.objects.select_related("lesson", "organisation")
    return get_object_or_404(first, pk=number, lesson=lesson, answer_to=None)


def answer(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Answer a comment."""
    comment = _comment(request, public_id, number)
    form = AnswerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.answer_comment(actor=request.user, comment=comment, text=form.cleaned_data["text"])
        messages.success(request, _("The answer is added."))
        return redirect(comment.lesson.get_absolute_url() + PLACE)
    context = {"lesson": comment.lesson, "form": form, "comment": comment, "label": comment.get_field_display()}
    return render(request, "activities/lesson_comment.html", context)


@require_POST
def settle(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Settle a comment, or open it again."""
    comment = _comment(request, public_id, number)
    is_settled = request.POST.get("stand") != "open"
    services.settle_comment(actor=request.user, comment=comment, is_settled=is_settled)
    return redirect(comment.lesson.get_absolute_url() + PLACE)
