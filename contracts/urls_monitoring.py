"""Addresses of emission figures."""

from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from contracts.views import monitoring

CITY = "gemeenten/<gm:code>/uitstoot/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(CITY, monitoring.emissions, name="emissions"),
    path(f"{CITY}uitstoot.csv", monitoring.download, {"kind": "csv"}, name="emissions_csv"),
    path(f"{CITY}uitstoot.xlsx", monitoring.download, {"kind": "xlsx"}, name="emissions_xlsx"),
    path(f"{CITY}invullen/", monitoring.enter, name="emissions_enter"),
    path(f"{CITY}invullen/<int:pk>/<int:year>/", monitoring.change, name="emissions_change"),
]
