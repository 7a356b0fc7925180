"""Addresses of the agenda."""

from django.urls import path

from activities.views import activity_parts, agenda, agenda_write, invitations, places, poll_forms, polls

urlpatterns = [
    path("agenda/", agenda.agenda_list, name="agenda"),
    path("agenda/overzicht/", agenda.overview, name="agenda_overview"),
    path("agenda/nieuw/", agenda_write.choose, name="activity_choose"),
    path("agenda/nieuw/<slug:kind>/", agenda_write.new, name="activity_new"),
    path("agenda/datumprikker/<pid:public_id>/", polls.record, name="poll"),
    path("agenda/datumprikker/<pid:public_id>/wijzigen/", poll_forms.edit, name="poll_edit"),
    path("agenda/datumprikker/<pid:public_id>/vragen/", poll_forms.ask, name="poll_ask"),
    path("agenda/datumprikker/<pid:public_id>/vragen/<int:number>/", poll_forms.take_off, name="poll_take_off"),
    path("agenda/datumprikker/<pid:public_id>/kiezen/<int:number>/", polls.pick, name="poll_pick"),
    path("agenda/datumprikker/<pid:public_id>/afblazen/", polls.stop, name="poll_stop"),
    path("agenda/<pid:public_id>/datumprikker/", poll_forms.new, name="poll_new"),
    path("agenda/<pid:public_id>/", agenda.short, name="activity_short"),
    path("agenda/<pid:public_id>-<slug:slug>/", agenda.record, name="activity"),
    path("agenda/<pid:public_id>/bewerken/", agenda_write.edit, name="activity_edit"),
    path("agenda/<pid:public_id>/bewaren/", agenda_write.autosave, name="activity_autosave"),
    path("agenda/<pid:public_id>/bijeenkomsten/", agenda_write.sessions, name="activity_sessions"),
    path("agenda/<pid:public_id>/weggooien/", agenda.discard, name="activity_discard"),
    path("agenda/<pid:public_id>/stap/<slug:step>/", agenda.move, name="activity_move"),
    path("agenda/<pid:public_id>/aanmelden/", places.register, name="activity_register"),
    path("agenda/<pid:public_id>/afmelden/", places.withdraw, name="activity_withdraw"),
    path("agenda/<pid:public_id>/deelnemers/", places.people, name="activity_people"),
    path("agenda/<pid:public_id>/deelnemers/uitnodigen/", invitations.invite, name="activity_invite"),
    path(
        "agenda/<pid:public_id>/deelnemers/<int:number>/intrekken/",
        invitations.take_back,
        name="activity_uninvite",
    ),
    path("agenda/<pid:public_id>/deelnemers/<int:number>/", places.decide, name="activity_decide"),
    path("agenda/<pid:public_id>/uitkomst/", activity_parts.outcome, name="activity_outcome"),
    path("agenda/<pid:public_id>/onderwerpen/", activity_parts.subjects, name="activity_subjects"),
    path("agenda/<pid:public_id>/volgen/<pid:city>/", activity_parts.capacity, name="activity_capacity"),
    path("agenda/<pid:public_id>/casus/", activity_parts.case_new, name="case_new"),
    path("agenda/<pid:public_id>/casus/<int:number>/", activity_parts.case_remove, name="case_remove"),
    path("agenda/<pid:public_id>/afspraken/", activity_parts.agreement_new, name="agreement_new"),
    path("agenda/<pid:public_id>/afspraken/<int:number>/", activity_parts.agreement, name="agreement"),
]
