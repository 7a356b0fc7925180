"""Addresses of contributions."""

from django.urls import path

from governance.views import contribution_forms as forms
from governance.views import contributions as pages

BASE = "sturing/bijdragen"
ONE = f"{BASE}/<pid:public_id>"
YEAR = f"{ONE}/<int:year>"
urlpatterns = [
    path(f"{BASE}/", pages.register, name="contributions"),
    path(f"{BASE}/bijdragen.csv", pages.download, {"kind": "csv"}, name="contributions_csv"),
    path(f"{BASE}/bijdragen.xlsx", pages.download, {"kind": "xlsx"}, name="contributions_xlsx"),
    path(f"{ONE}/", pages.record, name="contribution"),
    path(f"{YEAR}/toezeggen/", forms.pledge, name="contribution_pledge"),
    path(f"{YEAR}/bevestigen/", forms.confirm, name="contribution_confirm"),
    path(f"{YEAR}/verbeteren/", forms.correct, name="contribution_correct"),
    path(f"{YEAR}/delen/", forms.share, name="contribution_share"),
]
