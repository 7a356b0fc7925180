"""Addresses of the activities app: one file per part of the site."""

from activities.urls import agenda, agenda_plan, desk, knowledge, lessons, pilots, programmes, workspace, year

app_name = "activities"
urlpatterns = [
    *agenda_plan.urlpatterns,
    *agenda.urlpatterns,
    *desk.urlpatterns,
    *knowledge.urlpatterns,
    *lessons.urlpatterns,
    *pilots.urlpatterns,
    *programmes.urlpatterns,
    *workspace.urlpatterns,
    *year.urlpatterns,
]
