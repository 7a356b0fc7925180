"""The yardstick: a bare Django view with one query and one template, behind startproject's own middleware."""

from collections.abc import Callable

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, override_settings
from django.urls import path

from cities.models import Municipality

# What `django-admin startproject` writes into a new settings file, after the step that leads to the view below.
MIDDLEWARE = [
    "tests.bench.bare.lead_here",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATE = """<!doctype html><html lang="nl"><title>Bare</title><table>
{% for row in rows %}
<tr><td>{{ row.code }}</td><td>{{ row.name }}</td><td>{{ row.population }}</td></tr>{% endfor %}
</table></html>"""


def lead_here(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give a middleware that looks addresses up here. Another ROOT_URLCONF would empty the portal's caches."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__
        return get_response(request)

    return middleware


def bare(request: HttpRequest) -> HttpResponse:
    """Fifty rows of one table, in a table."""
    rows: models.QuerySet[Municipality] = Municipality.objects.order_by("name")[:50]
    return HttpResponse(engines["django"].from_string(TEMPLATE).render({"rows": rows}, request))


def client() -> Client:
    """Give a client that gets the yardstick at /bare/; it keeps its middleware beside that of the portal."""
    found = Client()
    with override_settings(MIDDLEWARE=MIDDLEWARE):
        found.handler.load_middleware()
    return found


urlpatterns = [path("bare/", bare)]
