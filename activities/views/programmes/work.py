"""What is done: working groups, milestones, reflections, midterm reviews, results, scaling, closing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.forms.programmes.about import NothingForm, ReviewForm
from activities.forms.programmes.work import (
    DoneForm,
    DropForm,
    GroupForm,
    MilestoneForm,
    PointForm,
    ReachedForm,
    ReflectionForm,
    SeatForm,
)
from activities.models import (
    MidtermReview,
    Milestone,
    Programme,
    ProgrammeReflection,
    ReviewPoint,
    WorkingGroup,
    WorkingGroupMember,
)
from activities.models.programme_work import Conclusion
from activities.presenting.programmes import next_url
from activities.selectors.assessments import all_assessments_of, in_words, latest_closed
from activities.services.programmes import reflections, reviews
from activities.services.programmes import work as services
from activities.views.programmes.common import (
    Values,
    autosaved,
    changeable,
    draft_page,
    one_thing,
    visible,
)
from activities.views.programmes.record import find, is_inside
from cities.views.posting import posted
from nss_portal.core.rendering import render


def group(request: HttpRequest, public_id: str, pk: int | None = None) -> HttpResponse:
    """Make a working group, or change it."""
    programme = changeable(request, public_id)
    there = get_object_or_404(programme.groups, pk=pk) if pk else None
    initial = {"name": there.name, "task": there.task} if there else {}
    return one_thing(
        request,
        programme,
        GroupForm(posted(request), initial=initial),
        lambda values: services.keep_group(actor=request.user, programme=programme, group=there, **values),
        title=_("Working group"),
        action=_("Save the working group"),
        place="groups",
    )


def group_end(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """End a working group."""
    programme = changeable(request, public_id)
    there = get_object_or_404(WorkingGroup.objects.select_related("programme"), programme=programme, pk=pk)
    return one_thing(
        request,
        programme,
        NothingForm(posted(request)),
        lambda _values: services.end_group(actor=request.user, group=there),
        title=_("End the working group {name}?").format(name=there.name),
        action=_("End the working group"),
        consequences=[_("The seats in it end today; who sat in it stays to be read.")],
        place="groups",
    )


def seat(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Let somebody join a working group."""
    programme = changeable(request, public_id)
    there = get_object_or_404(WorkingGroup.objects.select_related("programme"), programme=programme, pk=pk)
    form = SeatForm(posted(request), programme=programme)

    def act(values: Values) -> None:
        partner, user = form.seats[values["member"]]
        services.seat(actor=request.user, group=there, partner=partner, user=user, is_lead=values["is_lead"])

    title = _("Who joins {name}?").format(name=there.name)
    return one_thing(request, programme, form, act, title=title, action=_("Add to the group"), place="groups")


def unseat(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Let somebody leave a working group."""
    programme = changeable(request, public_id)
    seats = WorkingGroupMember.objects.select_related("group__programme", "partner__organisation", "user")
    member = get_object_or_404(seats, group__programme=programme, pk=pk)
    return one_thing(
        request,
        programme,
        NothingForm(posted(request)),
        lambda _values: services.unseat(actor=request.user, member=member),
        title=_("{name} leaves {group}?").format(name=member, group=member.group),
        action=_("Leave the group"),
        place="groups",
    )


def milestone(request: HttpRequest, public_id: str, pk: int | None = None) -> HttpResponse:
    """Add a milestone, or change it."""
    programme = changeable(request, public_id)
    there = get_object_or_404(programme.milestones.select_related("owner"), pk=pk) if pk else None
    initial: Values = {}
    if there is not None:
        initial = {name: getattr(there, name) for name in ("title", "planned_on", "note")}
        initial["owner"] = there.owner.public_id if there.owner else None
    return one_thing(
        request,
        programme,
        MilestoneForm(posted(request), programme=programme, initial=initial),
        lambda values: services.keep_milestone(actor=request.user, programme=programme, milestone=there, **values),
        title=_("Milestone"),
        action=_("Save the milestone"),
        place="milestones",
    )


def _milestone(programme: Programme, pk: int) -> Milestone:
    return get_object_or_404(programme.milestones.select_related("programme"), pk=pk)


def milestone_reached(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Note when a milestone was reached."""
    programme = changeable(request, public_id)
    there = _milestone(programme, pk)
    return one_thing(
        request,
        programme,
        ReachedForm(posted(request)),
        lambda values: services.reach_milestone(actor=request.user, milestone=there, **values),
        title=_("Reached: {title}").format(title=there.title),
        action=_("Save"),
        place="milestones",
    )


def milestone_dropped(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Give a milestone up."""
    programme = changeable(request, public_id)
    there = _milestone(programme, pk)
    return one_thing(
        request,
        programme,
        DropForm(posted(request)),
        lambda values: services.drop_milestone(actor=request.user, milestone=there, reason=values["note"]),
        title=_("Drop: {title}").format(title=there.title),
        action=_("Drop the milestone"),
        place="milestones",
    )


def reflection(request: HttpRequest, public_id: str, year: int, half: int) -> HttpResponse:
    """Write a half-yearly reflection, or read one that was handed in."""
    programme = visible(request, public_id)
    there = get_object_or_404(programme.reflections.select_related("programme"), year=year, half=half)
    title = _("Looking back on the {half} half of {year}").format(
        half=_("first") if half == 1 else _("second"), year=year
    )
    if there.submitted_at is not None:
        if not is_inside(request, find(request, public_id)):
            raise Http404
        context = {"programme": programme, "reflection": there, "title": title}
        return render(request, "activities/programmes/reflection.html", context)
    changeable(request, public_id)

    def save(values: Values) -> ProgrammeReflection:
        saved = _save(request, there, values)
        if "submit" in request.POST:
            reflections.submit_reflection(actor=request.user, reflection=saved)
        return saved

    return draft_page(
        request,
        programme,
        lambda data: _form(there, data),
        save,
        title=title,
        intro=_("The milestones are filled in. Ten minutes with the core of the programme are enough."),
        context={
            "back_url": f"{programme.get_absolute_url()}#reflections",
            "autosave_url": reverse("activities:programme_reflection_autosave", args=[public_id, year, half]),
            "saved_at": None,
            "submit_label": _("Hand the reflection in"),
        },
    )


def _form(there: ProgrammeReflection, data: Any) -> ReflectionForm:
    initial = {name: getattr(there, name) for name in (*reflections.TEXTS, "version")}
    return ReflectionForm(data, initial=initial)


def _save(request: HttpRequest, there: ProgrammeReflection, values: Values) -> ProgrammeReflection:
    return reflections.change_reflection(
        actor=request.user, reflection=there, version=values["version"] or 0, values=values
    )


@require_POST
def reflection_autosave(request: HttpRequest, public_id: str, year: int, half: int) -> JsonResponse:
    """Save a reflection while somebody types."""
    programme = changeable(request, public_id)
    there = get_object_or_404(programme.reflections.select_related("programme"), year=year, half=half)
    return autosaved(_form(there, request.POST), lambda values: _save(request, there, values))


def review(request: HttpRequest, public_id: str, pk: int | None = None) -> HttpResponse:
    """Note a midterm review, or change it; what it decides anew begins on the page that follows, filled in."""
    programme = changeable(request, public_id)
    there = get_object_or_404(programme.reviews.select_related("based_on"), pk=pk) if pk else None
    decided = there.conclusion if there else ""
    assessments = all_assessments_of(request.user, programme)
    kept: list[MidtermReview] = []
    answer = one_thing(
        request,
        programme,
        ReviewForm(
            posted(request),
            choices=Conclusion.choices,
            assessments=assessments,
            initial=_review_initial(request, programme, there),
        ),
        lambda values: kept.append(
            reviews.keep_review(
                actor=request.user,
                programme=programme,
                review=there,
                **{**values, "conclusion": Conclusion(values["conclusion"])},
            )
        ),
        title=_("Midterm review"),
        action=_("Save the review"),
        place="reviews",
    )
    if not kept or kept[0].conclusion == decided:
        return answer
    onward = next_url(programme, kept[0].conclusion, kept[0].pk)
    if not onward:
        return answer
    messages.success(request, _("The review is saved. What was decided begins here, or later from the page."))
    return redirect(onward)


def _review_initial(request: HttpRequest, programme: Programme, there: MidtermReview | None) -> Values:
    """Fill in what is known: the review as it is, or what the latest self-assessment found."""
    if there is not None:
        names = ("held_on", "assessment", "conversation", "conclusion")
        begun = there.based_on.public_id if there.based_on else None
        return {**{name: getattr(there, name) for name in names}, "based_on": begun}
    latest = latest_closed(request.user, programme)
    return {"based_on": latest.public_id, "assessment": in_words(latest)} if latest else {}


def point(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Agree a point to act on."""
    programme = changeable(request, public_id)
    there = get_object_or_404(MidtermReview.objects.select_related("programme"), programme=programme, pk=pk)
    return one_thing(
        request,
        programme,
        PointForm(posted(request), programme=programme),
        lambda values: reviews.add_point(actor=request.user, review=there, **values),
        title=_("A point to act on"),
        action=_("Save the point"),
        place="reviews",
    )


def point_done(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Say that a point is done."""
    programme = visible(request, public_id)
    points = ReviewPoint.objects.select_related("review__programme", "owner")
    there = get_object_or_404(points, review__programme=programme, pk=pk)
    if not is_inside(request, find(request, public_id)):
        raise Http404
    return one_thing(
        request,
        programme,
        DoneForm(posted(request)),
        lambda values: reviews.finish_point(actor=request.user, point=there, result=values["result"]),
        title=there.what,
        action=_("This is done"),
        place="reviews",
    )
