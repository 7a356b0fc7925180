"""Addresses of bodies, meetings and decisions."""

from django.urls import path

from governance.views import decisions, meetings
from governance.views import meeting_forms as forms

BASE = "sturing/overleggen"
ONE = f"{BASE}/<pid:public_id>"
LIST = "sturing/besluiten"
urlpatterns = [
    path(f"{LIST}/", decisions.register, name="decisions"),
    path(f"{LIST}/besluiten.csv", decisions.download, name="decisions_csv"),
    path(f"{LIST}/<pid:public_id>/", decisions.decision, name="decision"),
    path(f"{LIST}/<pid:public_id>/opvolgen/", decisions.follow, name="decision_follow"),
    path(f"{BASE}/", meetings.bodies, name="bodies"),
    path(f"{BASE}/plannen/", forms.plan, name="meeting_plan"),
    path(f"{BASE}/boegbeelden/nieuw/", forms.figurehead, name="figurehead_new"),
    path(f"{BASE}/boegbeelden/<int:pk>/beeindigen/", forms.figurehead_end, name="figurehead_end"),
    path(f"{BASE}/groep/<slug:code>/", meetings.body, name="body"),
    path(f"{BASE}/groep/<slug:code>/zetels/nieuw/", forms.seat, name="seat_new"),
    path(f"{BASE}/groep/<slug:code>/zetels/<int:pk>/beeindigen/", forms.seat_end, name="seat_end"),
    path(f"{ONE}/", meetings.meeting, name="meeting"),
    path(f"{ONE}/bewerken/", forms.edit, name="meeting_edit"),
    path(f"{ONE}/agenda/nieuw/", forms.item, name="item_new"),
    path(f"{ONE}/agenda/<int:pk>/", forms.item, name="item_edit"),
    path(f"{ONE}/agenda/<int:pk>/weg/", forms.item_drop, name="item_drop"),
    path(f"{ONE}/agenda/<int:pk>/stuk/", forms.paper, name="item_paper"),
    path(f"{ONE}/verslag/", forms.minutes, name="minutes"),
    path(f"{ONE}/stap/<slug:name>/", forms.step, name="meeting_step"),
    path(f"{ONE}/publiceren/", forms.publish, name="meeting_publish"),
    path(f"{ONE}/besluiten/nieuw/", forms.decide, name="decision_new"),
    path(f"{ONE}/besluiten/<int:number>/", forms.decide, name="decision_edit"),
    path(f"{ONE}/besluiten/<int:number>/weg/", forms.decision_drop, name="decision_drop"),
]
