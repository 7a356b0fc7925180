"""Addresses of the year at a glance."""

from django.urls import path

from activities.views import year

urlpatterns = [
    path("agenda/jaar/", year.now, name="year_now"),
    path("agenda/jaar/<int:year>/", year.year, name="year"),
]
