"""Addresses of what leads the agenda: proposals, periods and planning. They stand before those of activities."""

from django.urls import path

from activities.views import board, period_draft, period_steps, periods, proposal_steps, proposals

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
    path("agenda/bord/", board.board, name="board"),
    path("agenda/urengrens/", board.limit, name="hours_limit"),
    path("agenda/<pid:public_id>/verplaatsen/", board.move, name="activity_move_day"),
    path("agenda/periodes/", periods.period_list, name="periods"),
    path("agenda/periodes/nieuw/", period_draft.new, name="period_new"),
    path("agenda/periodes/<pid:public_id>/", periods.period, name="period"),
    path("agenda/periodes/<pid:public_id>/versies/<int:number>/", periods.version_page, name="period_version"),
    path(
        "agenda/periodes/<pid:public_id>/versies/<int:number>/publiceren/",
        period_steps.publish,
        name="period_publish",
    ),
    path("agenda/periodes/<pid:public_id>/bewerken/", period_draft.edit, name="period_edit"),
    path("agenda/periodes/<pid:public_id>/toevoegen/", period_draft.add, name="period_add"),
    path("agenda/periodes/<pid:public_id>/regels/nieuw/", period_draft.line_new, name="period_line_new"),
    path("agenda/periodes/<pid:public_id>/regels/<pid:key>/", period_draft.line_edit, name="period_line"),
    path(
        "agenda/periodes/<pid:public_id>/regels/<pid:key>/weg/",
        period_draft.line_remove,
        name="period_line_remove",
    ),
    path("agenda/periodes/<pid:public_id>/regels/<pid:key>/plannen/", period_steps.plan, name="period_plan"),
    path("agenda/periodes/<pid:public_id>/stemming/", period_steps.open_vote, name="period_open"),
    path("agenda/periodes/<pid:public_id>/verlengen/", period_steps.extend, name="period_extend"),
    path("agenda/periodes/<pid:public_id>/stem/", period_steps.vote, name="period_vote"),
    path("agenda/periodes/<pid:public_id>/besluit/<slug:step>/", period_steps.decide, name="period_decide"),
    path("agenda/periodes/<pid:public_id>/herzien/", period_steps.revise, name="period_revise"),
    path("agenda/periodes/<pid:public_id>/weggooien/", period_steps.discard, name="period_discard"),
]
