"""Addresses of the cities app: one file per part of the site."""

from django.urls import register_converter

from cities.converters import MunicipalityCodeConverter

# Before the parts are read: their paths use it.
register_converter(MunicipalityCodeConverter, "gm")

from cities.urls import (  # noqa: E402
    bottlenecks,
    comparison,
    eoi,
    mergers,
    municipalities,
    propositions,
    roadmap,
    signals,
    teams,
)
from cities.views.codes import led_on  # noqa: E402

for pattern in municipalities.urlpatterns + teams.urlpatterns + roadmap.urlpatterns:
    if "<gm:code>" in str(pattern.pattern):
        pattern.callback = led_on(pattern.callback)

app_name = "cities"
urlpatterns = [
    *teams.urlpatterns,
    *bottlenecks.urlpatterns,
    *signals.urlpatterns,
    *mergers.urlpatterns,
    *eoi.urlpatterns,
    *municipalities.urlpatterns,
    *comparison.urlpatterns,
    *roadmap.urlpatterns,
    *propositions.urlpatterns,
]
