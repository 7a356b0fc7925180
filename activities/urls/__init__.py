"""Addresses of the activities app: one file per part of the site."""

from activities.urls import lessons

app_name = "activities"
urlpatterns = [
    *lessons.urlpatterns,
]
