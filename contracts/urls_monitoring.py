"""Addresses of emission figures."""

from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from contracts.views import comparison, fetching, monitoring

CITY = "gemeenten/<gm:code>/uitstoot/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(CITY, monitoring.emissions, name="emissions"),
    path(f"{CITY}uitstoot.csv", monitoring.download, {"kind": "csv"}, name="emissions_csv"),
    path(f"{CITY}uitstoot.xlsx", monitoring.download, {"kind": "xlsx"}, name="emissions_xlsx"),
    path(f"{CITY}invullen/", monitoring.enter, name="emissions_enter"),
    path(f"{CITY}invullen/<int:pk>/<int:year>/", monitoring.change, name="emissions_change"),
    path("uitstoot/", comparison.country, name="country"),
    path("uitstoot/vergelijken/", comparison.cities, name="emissions_compare"),
    path("uitstoot/vergelijken.csv", comparison.cities_download, name="emissions_compare_csv"),
    path("beheer/uitstoot/", fetching.overview, name="fetches"),
    path("beheer/uitstoot/ophalen/", fetching.ask, name="fetch_ask"),
    path("beheer/uitstoot/bestand/", fetching.take, name="fetch_file"),
    path("beheer/uitstoot/<int:pk>/", fetching.record, name="fetch"),
    path("beheer/uitstoot/<int:pk>/geweigerd.csv", fetching.refused_rows, name="fetch_refused"),
    path("beheer/uitstoot/<int:pk>/ongedaan/", fetching.undo, name="fetch_undo"),
]
