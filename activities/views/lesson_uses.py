"""Useful for us, we apply this, and what came of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.forms.lesson_uses import OutcomeForm
from activities.models import Lesson, LessonUse
from activities.services import lesson_uses as services
from cities.views.posting import posted
from nss_portal.core.access import NotAllowed
from nss_portal.core.rendering import render

SAYS = {
    "nuttig": lambda request, lesson, organisation: services.mark_useful(
        actor=request.user, lesson=lesson, organisation=organisation, is_useful=True
    ),
    "niet-nuttig": lambda request, lesson, organisation: services.mark_useful(
        actor=request.user, lesson=lesson, organisation=organisation, is_useful=False
    ),
    "toepassen": lambda request, lesson, organisation: services.apply_lesson(
        actor=request.user, lesson=lesson, organisation=organisation
    ),
    "niet-toepassen": lambda request, lesson, organisation: services.stop_applying(
        actor=request.user, lesson=lesson, organisation=organisation
    ),
}


@require_POST
def say(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say of a lesson, for one of the own organisations, that it is useful or applied, or take that back."""
    lesson = get_object_or_404(Lesson.objects.visible_to(request.user), public_id=public_id)
    chosen = SAYS.get(request.POST.get("zeg", ""))
    if chosen is None:
        raise Http404
    mine = services.may_say_for(request.user, lesson)
    organisation = mine.filter(public_id=request.POST.get("namens", "")).first()
    if organisation is None:
        raise NotAllowed(_("You cannot say this of the lesson."))
    use = chosen(request, lesson, organisation)
    if request.POST["zeg"] == "toepassen":
        messages.success(request, _("Noted. In a quarter we ask in one question what came of it."))
    elif use.is_useful:
        messages.success(request, _("Noted. Others see how many organisations find this useful."))
    return redirect(lesson)


def outcome(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Say what came of applying a lesson; also asked of who no longer may read it, since it was withdrawn say."""
    use = get_object_or_404(
        LessonUse.objects.select_related("lesson", "organisation"),
        pk=number,
        lesson__public_id=public_id,
        organisation__in=services.may_say_for(request.user),
    )
    if use.applies_since is None:
        raise Http404
    is_seen = Lesson.objects.visible_to(request.user).filter(pk=use.lesson_id).exists()
    back = use.lesson.get_absolute_url() if is_seen else reverse("home")
    form = OutcomeForm(posted(request), initial={"outcome": use.outcome, "because": use.because})
    if request.method == "POST" and form.is_valid():
        services.answer_outcome(actor=request.user, use=use, **form.cleaned_data)
        messages.success(request, _("Thank you. Your answer counts along at the lesson."))
        return redirect(back)
    context = {
        "title": _("What came of it?"),
        "intro": use.lesson.title,
        "consequences": [
            _("Whoever reads the lesson sees how many organisations applied it."),
            _("What you write stands at the lesson with the name of your organisation, for members."),
        ],
        "form": form,
        "action": _("Save the answer"),
        "back_url": back,
        "danger": False,
    }
    return render(request, "components/confirm.html", context)
