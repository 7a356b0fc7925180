"""News: the list, one item, its form, publishing and withdrawing."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activities.forms.knowledge import NewsForm
from activities.models import News
from activities.models.knowledge import PublishingState
from activities.presenting.knowledge import STATE_TONES
from activities.services import news as services
from activities.workflow import NEWS
from cities.forms.reasons import ReasonForm
from cities.views.posting import posted
from governance.models import Organisation
from nss_portal.core.access import may, require, standing_of
from nss_portal.core.conflicts import beside, sent_again
from nss_portal.core.editing import EditConflict
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

PER_PAGE = 20


@require_safe
def news_list(request: HttpRequest) -> HttpResponse:
    """All news, the newest first; drafts on top for who writes them."""
    visible = News.objects.visible_to(request.user).exclude(state=PublishingState.WITHDRAWN)
    ordered = visible.select_related("organisation").order_by(F("published_at").desc(nulls_first=True), "-pk")
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "may_write": may(request.user, "news", "change")}
    return render(request, "activities/news_list.html", context)


def _visible(request: HttpRequest, public_id: str) -> News:
    seen = News.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(seen, public_id=public_id)


def _changeable(request: HttpRequest, public_id: str) -> News:
    news = _visible(request, public_id)
    require(request.user, "news", "change", news)
    return news


@require_safe
def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One item to read."""
    news = _visible(request, public_id)
    may_change = may(request.user, "news", "change", news)
    context = {
        "news": news,
        "tone": STATE_TONES[PublishingState(news.state)],
        "may_change": may_change,
        "moves": NEWS.open_steps(news) if may_change else [],
    }
    return render(request, "activities/news.html", context)


def _own(request: HttpRequest) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=standing_of(request.user).organisations).order_by("name", "pk")


def new(request: HttpRequest) -> HttpResponse:
    """Write an item."""
    require(request.user, "news", "change")
    form = NewsForm(posted(request), organisations=_own(request))
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("organisation", "title", "text", "url")}
        made = services.create_news(actor=request.user, **values)
        messages.success(request, _("The draft is saved."))
        return redirect(made)
    return render(request, "activities/news_form.html", {"form": form, "news": None, "conflict": []})


def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change an item; a colleague's change in between is shown beside it."""
    news = _changeable(request, public_id)
    names = ("title", "text", "url", "version")
    form = NewsForm(posted(request), initial={name: getattr(news, name) for name in names}, organisations=None)
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in names} | {"version": form.cleaned_data["version"] or 0}
        try:
            services.change_news(actor=request.user, news=news, **values)
        except EditConflict as error:
            conflict = beside(form, error)
            form = NewsForm(sent_again(request, error), organisations=None)
        else:
            messages.success(request, _("The news is saved."))
            return redirect(news)
    context = {"form": form, "news": news, "conflict": conflict}
    return render(request, "activities/news_form.html", context, status=409 if conflict else 200)


def move(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Publish, withdraw or throw away an item, after asking."""
    news = _changeable(request, public_id)
    chosen = next((one for one in NEWS.open_steps(news) if one.name == step), None)
    is_discard = step == "weggooien" and news.state == PublishingState.DRAFT
    if chosen is None and not is_discard:
        raise Http404
    form = ReasonForm(posted(request)) if chosen is not None and chosen.needs_reason else None
    if request.method == "POST" and (form is None or form.is_valid()):
        if is_discard:
            services.discard_news(actor=request.user, news=news)
            return redirect("activities:news")
        reason = form.cleaned_data["reason"] if form else ""
        try:
            services.move_news(actor=request.user, news=news, step=step, reason=reason)
        except TransitionRefused as error:
            messages.error(request, str(error))
        return redirect("activities:news_item", public_id=news.public_id)
    what = {
        "publish": _("It stands on the home page at once, and in the next newsletter."),
        "withdraw": _("Nobody but the editors and the coordination team reads it any more."),
        "weggooien": _("The draft is gone for good. Nobody else has read it."),
    }
    label = chosen.label if chosen is not None else _("Throw the draft away")
    context = {
        "title": label,
        "intro": news.title,
        "consequences": [what[step]],
        "form": form,
        "action": label,
        "back_url": news.get_absolute_url(),
        "danger": step != "publish",
    }
    return render(request, "components/confirm.html", context)
