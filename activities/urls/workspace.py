"""Addresses of the workspace of an activity."""

from django.urls import path

from activities.views.workspace import publications, room

ROOM = "agenda/<pid:public_id>-<slug:slug>/werkruimte/"

urlpatterns = [
    path("agenda/gepubliceerd/<pid:public_id>/", publications.record, name="publication"),
    path(ROOM, room.workspace, name="workspace"),
]
