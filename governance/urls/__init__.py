"""Addresses of governance: one file per part of the site."""

from governance.urls import assessments, contributions, design, meetings, organisations, privacy, rights

app_name = "governance"
urlpatterns = [
    *organisations.urlpatterns,
    *design.urlpatterns,
    *assessments.urlpatterns,
    *contributions.urlpatterns,
    *meetings.urlpatterns,
    *rights.urlpatterns,
    *privacy.urlpatterns,
]
