"""Addresses of assessments."""

from django.urls import path

from governance.views import assessment_forms as forms
from governance.views import assessment_link as link
from governance.views import assessment_points as points
from governance.views import assessments as pages

BASE = "sturing/zelfbeoordeling"
ONE = f"{BASE}/<pid:public_id>"
LINK = f"{BASE}/link/<str:token>"
urlpatterns = [
    path(f"{BASE}/", pages.assessment_list, name="assessments"),
    path(f"{BASE}/nieuw/", forms.new, name="assessment_new"),
    path(f"{LINK}/", link.answer, name="assessment_link"),
    path(f"{LINK}/bewaren/", link.autosave, name="assessment_link_autosave"),
    path(f"{LINK}/klaar/", link.receipt, name="assessment_link_receipt"),
    path(f"{ONE}/", pages.record, name="assessment"),
    path(f"{ONE}/bewerken/", forms.edit, name="assessment_edit"),
    path(f"{ONE}/uitnodigen/", forms.invite, name="assessment_invite"),
    path(f"{ONE}/uitnodigen/<int:pk>/weg/", forms.remove, name="assessment_remove"),
    path(f"{ONE}/openen/", forms.open_it, name="assessment_open"),
    path(f"{ONE}/sluiten/", forms.close, name="assessment_close"),
    path(f"{ONE}/intrekken/", forms.withdraw, name="assessment_withdraw"),
    path(f"{ONE}/weggooien/", forms.discard, name="assessment_discard"),
    path(f"{ONE}/delen/", points.share, name="assessment_share"),
    path(f"{ONE}/gesprek/", points.conversation, name="assessment_conversation"),
    path(f"{ONE}/meedoen/", link.join, name="assessment_join"),
    path(f"{ONE}/punten/nieuw/", points.add, name="assessment_point_new"),
    path("sturing/actiepunten/<int:pk>/klaar/", points.finish, name="assessment_point_done"),
    path("sturing/actiepunten/<int:pk>/later/", points.move, name="assessment_point_later"),
]
