"""Activities of the agenda for a programme: add one's own, ask for another's, and answer such a request."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from activities.forms.programmes.about import NothingForm
from activities.forms.programmes.work import ActivityForm, AgreeForm
from activities.models import Activity, ActivityRequest, Programme
from activities.services.programmes import activities as services
from activities.views.agenda import changeable as changeable_activity
from activities.views.programmes.common import Values, changeable, complain, one_thing
from cities.views.posting import posted
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

MOST = 100


def add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let an activity be part of the programme; the newest ones are there to choose from."""
    programme = changeable(request, public_id)
    seen = Activity.objects.visible_to(request.user).filter(programme=None).order_by("-starts_at", "-pk")
    newest = Activity.objects.filter(pk__in=list(seen.values_list("pk", flat=True)[:MOST])).order_by("title", "pk")

    def act(values: Values) -> None:
        if services.attach_activity(actor=request.user, programme=programme, **values):
            text = _("{name} is asked, and finds it in its work.")
            messages.success(request, text.format(name=values["activity"].organisation))

    return one_thing(
        request,
        programme,
        ActivityForm(posted(request), activities=newest.select_related("organisation")),
        act,
        title=_("An activity of this programme"),
        intro=_(
            "What you run yourself is part of it at once. Who runs another activity is asked first, and reads the"
            " title of the programme and what you write below."
        ),
        action=_("Add the activity"),
        place="activities",
    )


def withdraw(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Take a request back, after asking."""
    programme = changeable(request, public_id)
    there = ActivityRequest.objects.select_related("programme", "activity")
    asked = get_object_or_404(there, programme=programme, pk=pk, state=ActivityRequest.State.ASKED)
    return one_thing(
        request,
        programme,
        NothingForm(posted(request)),
        lambda _values: services.withdraw_request(actor=request.user, asked=asked),
        title=_("No longer ask for {title}?").format(title=asked.activity),
        action=_("Take the request back"),
        place="activities",
    )


def answer(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Agree that an activity becomes part of a programme, or say why not."""
    activity = changeable_activity(request, public_id)
    there = ActivityRequest.objects.select_related("programme__organisation", "activity__organisation")
    asked = get_object_or_404(there, activity=activity, pk=number)
    if asked.state != ActivityRequest.State.ASKED:
        messages.info(request, _("This was answered already."))
        return redirect(activity)
    form = AgreeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_request(actor=request.user, asked=asked, **form.cleaned_data)
        except ValidationError as error:
            complain(form, error)
        except TransitionRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Thank you. Who leads the programme is told."))
            return redirect(activity)
    sees = Programme.objects.visible_to(request.user).filter(pk=asked.programme_id).exists()
    context = {
        "activity": activity,
        "asked": asked,
        "form": form,
        "programme_url": asked.programme.get_absolute_url() if sees else "",
    }
    return render(request, "activities/activity_request.html", context)
