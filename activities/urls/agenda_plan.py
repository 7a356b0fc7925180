"""Addresses of what leads the agenda: proposals. They stand before those of activities."""

from django.urls import path

from activities.views import proposal_steps, proposals

urlpatterns = [
    path("agenda/voorstellen/", proposals.proposal_list, name="proposals"),
    path("agenda/voorstellen/nieuw/", proposals.new, name="proposal_new"),
    path("agenda/voorstellen/<pid:public_id>/", proposals.record, name="proposal"),
    path("agenda/voorstellen/<pid:public_id>/bewerken/", proposals.edit, name="proposal_edit"),
    path("agenda/voorstellen/<pid:public_id>/bewaren/", proposals.autosave, name="proposal_autosave"),
    path("agenda/voorstellen/<pid:public_id>/weggooien/", proposals.discard, name="proposal_discard"),
    path("agenda/voorstellen/<pid:public_id>/steunen/", proposal_steps.support, name="proposal_support"),
    path("agenda/voorstellen/<pid:public_id>/steun/<int:pk>/", proposal_steps.leave, name="proposal_leave"),
    path("agenda/voorstellen/<pid:public_id>/oppakken/", proposal_steps.take_up, name="proposal_take_up"),
    path("agenda/voorstellen/<pid:public_id>/stap/<slug:step>/", proposal_steps.move, name="proposal_move"),
]
