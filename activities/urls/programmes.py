"""Addresses of programmes."""

from django.urls import path

from activities.views.programmes import record

urlpatterns = [
    path("programmas/<pid:public_id>/", record.record, name="programme_short"),
    path("programmas/<pid:public_id>-<slug:slug>/", record.record, name="programme"),
]
