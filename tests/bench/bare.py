"""The yardstick: a bare Django view with one query and one template, behind startproject's own middleware."""

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from cities.models import Municipality

# What `django-admin startproject` writes into a new settings file.
MIDDLEWARE = [
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


def bare(request: HttpRequest) -> HttpResponse:
    """Fifty rows of one table, in a table."""
    rows: models.QuerySet[Municipality] = Municipality.objects.order_by("name")[:50]
    return HttpResponse(engines["django"].from_string(TEMPLATE).render({"rows": rows}, request))


urlpatterns = [path("bare/", bare)]
