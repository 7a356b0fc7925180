"""Addresses of governance: one file per part of the site."""

from governance.urls import design, organisations

app_name = "governance"
urlpatterns = [*organisations.urlpatterns, *design.urlpatterns]
from governance.urls import assessments, organisations

urlpatterns = [*organisations.urlpatterns, *assessments.urlpatterns]
