"""Pages that compose all apps: home for a visitor, my work for a member."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance.models import User
from nss_portal.core.held_forms import held
from nss_portal.core.kept import KeptPart, kept_part
from nss_portal.core.registry import home_links, home_numbers, home_sections
from nss_portal.core.rendering import render
from nss_portal.core.time import today
from nss_portal.pages.work import Work, news_of, sections_of, work_of

FIRST_VISIT_LOOKS_BACK = timedelta(days=30)


def home(request: HttpRequest) -> HttpResponse:
    """Home: what happens for a visitor, my work for a member."""
    if request.user.is_authenticated:
        return my_work(request, request.user)
    return introduction(request)


def introduction(request: HttpRequest) -> HttpResponse:
    """Say what the support structure is and show what happens; open to everybody."""
    body = kept_part(request, "pages/includes/home.html", lambda: _introduction(request))
    return render(request, "pages/home.html", {"body": body})


def _introduction(request: HttpRequest) -> dict[str, Any]:
    found = [section(request.user) for section in home_sections]
    sections = sorted((section for section in found if section), key=lambda section: section.order)
    return {
        "numbers": _in_order(number for source in home_numbers for number in source(request.user)),
        "links": _in_order(link for source in home_links for link in source()),
        "beside": [section for section in sections if section.beside][:1],
        "below": [section for section in sections if not section.beside],
    }


def my_work(request: HttpRequest, user: User) -> HttpResponse:
    """Show a member what is asked, by when, in about how many minutes, and what changed since the last visit."""
    visit = parse_datetime(request.session.get("previous_visit") or "")
    since = (visit or timezone.now() - FIRST_VISIT_LOOKS_BACK).replace(second=0, microsecond=0)
    waits = held(request)
    body = KeptPart(request, "work", lambda: _my_work(user, since), user.pk, since, bool(waits))
    return render(request, "pages/work.html", {"held": waits, "body": body})


def _my_work(user: User, since: datetime) -> dict[str, Any]:
    work = work_of(user)
    return {
        "work": work,
        "news": news_of(user, since),
        "sections": sections_of(user),
        "eyebrow": date_format(today(), "l j F").capitalize(),
        "intro": _time_asked(work) if work.open else "",
        "empty_title": _("All done"),
        "empty_text": _("What is asked of you comes here by itself, with the date and about how long it takes."),
        "empty_url": reverse("cities:municipalities"),
        "empty_action": _("Look at the municipalities"),
    }


def _in_order(items: Iterable[Any]) -> list[Any]:
    return sorted(items, key=lambda item: item.order)


def _time_asked(work: Work) -> str:
    """Say how long all of it takes; one thing says so itself."""
    if len(work.now) == 1:
        return ""
    return _("Together about %(minutes)d minutes. The most urgent one is on top.") % {"minutes": work.minutes}
