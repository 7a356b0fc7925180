"""What comes of it: results, scaling themes, lessons and hand-over."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from activities.forms.programmes.work import ClosingForm, ResultForm, ScalingForm
from activities.models import ProgrammeClosing
from activities.services.programmes import outcomes
from activities.views.programmes.common import Values, changeable, one_thing
from cities.views.posting import posted


def result(request: HttpRequest, public_id: str, pk: int | None = None) -> HttpResponse:
    """Add a result, or change it."""
    programme = changeable(request, public_id)
    there = get_object_or_404(programme.results.select_related("anchored_at"), pk=pk) if pk else None
    initial: Values = {}
    if there is not None:
        initial = {name: getattr(there, name) for name in outcomes.RESULT}
        initial["anchored_at"] = there.anchored_at.public_id if there.anchored_at else None
    return one_thing(
        request,
        programme,
        ResultForm(posted(request), programme=programme, initial=initial),
        lambda values: outcomes.keep_result(actor=request.user, programme=programme, values=values, result=there),
        title=_("A result"),
        action=_("Save the result"),
        place="results",
    )


def scaling(request: HttpRequest, public_id: str, pk: int | None = None) -> HttpResponse:
    """Say what has to happen on a theme in the next five years."""
    programme = changeable(request, public_id)
    there = get_object_or_404(programme.scalings.select_related("theme", "owner"), pk=pk) if pk else None
    initial: Values = {}
    if there is not None:
        initial = {name: getattr(there, name) for name in outcomes.SCALING}
        initial |= {"owner": there.owner.public_id if there.owner else None, "forms_of": there.forms}

    def act(values: Values) -> None:
        theme = there.theme if there else values["theme"]
        kept = {**values, "forms": values["forms_of"]}
        outcomes.keep_scaling(actor=request.user, programme=programme, theme=theme, values=kept)

    return one_thing(
        request,
        programme,
        ScalingForm(posted(request), programme=programme, theme=there.theme if there else None, initial=initial),
        act,
        title=str(there.theme) if there else _("A scaling theme"),
        action=_("Save the theme"),
        place="scaling",
    )


def closing(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write lessons and the hand-over."""
    programme = changeable(request, public_id)
    there = ProgrammeClosing.objects.filter(programme=programme).first()
    initial = {name: getattr(there, name) for name in outcomes.CLOSING} if there else {}
    return one_thing(
        request,
        programme,
        ClosingForm(posted(request), initial=initial),
        lambda values: outcomes.keep_closing(actor=request.user, programme=programme, values=values),
        title=_("Lessons and hand-over"),
        action=_("Save"),
        done=_("The lessons and the hand-over are saved."),
        place="closing",
    )
