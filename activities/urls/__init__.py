"""Addresses of the activities app: one file per part of the site."""

from activities.urls import agenda, agenda_plan, desk, knowledge, lessons, programmes, workspace, year

app_name = "activities"
urlpatterns = [
    *agenda_plan.urlpatterns,
    *agenda.urlpatterns,
    *desk.urlpatterns,
    *knowledge.urlpatterns,
    *lessons.urlpatterns,
    *programmes.urlpatterns,
    *workspace.urlpatterns,
    *year.urlpatterns,
]
