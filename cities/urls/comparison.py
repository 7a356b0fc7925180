"""Addresses of the comparison of municipalities."""

from django.urls import path

from cities.views import compare

urlpatterns = [
    path("gemeenten/vergelijken/", compare.compare, name="compare"),
    path("gemeenten/vergelijken.csv", compare.download, name="compare_csv"),
]
