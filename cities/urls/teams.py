"""Addresses of teams and of who's who."""

from django.urls import path

from cities.views import teams

urlpatterns = [
    path("wie-is-wie/", teams.who_is_who, name="who_is_who"),
    path("wie-is-wie/<int:pk>/themas/", teams.themes, name="contact_themes"),
    path("gemeenten/<gm:code>/team/", teams.team, name="team"),
    path("gemeenten/<gm:code>/welkom/", teams.briefing, name="briefing"),
]
