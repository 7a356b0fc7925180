"""Addresses of programmes."""

from django.urls import path

from activities.views.programmes import covenant, editing, outcomes, partners, record, register, work

ONE = "programmas/<pid:public_id>/"

urlpatterns = [
    path("programmas/", register.programme_list, name="programmes"),
    path("programmas/nieuw/", editing.new, name="programme_new"),
    path(ONE, record.record, name="programme_short"),
    path("programmas/<pid:public_id>-<slug:slug>/", record.record, name="programme"),
    path(f"{ONE}nieuwkomers/", record.newcomer, name="programme_newcomer"),
    path(f"{ONE}bewerken/", editing.edit, name="programme_edit"),
    path(f"{ONE}bewaren/", editing.autosave, name="programme_autosave"),
    path(f"{ONE}weggooien/", editing.discard, name="programme_discard"),
    path(f"{ONE}stap/<slug:step>/", editing.move, name="programme_move"),
    path(f"{ONE}verlengen/", editing.extend, name="programme_extend"),
    path(f"{ONE}vervolg/<slug:kind>/", editing.turn, name="programme_turn"),
    path(f"{ONE}trekker/", partners.lead, name="programme_lead"),
    path(f"{ONE}partners/vragen/", partners.ask, name="programme_ask"),
    path(f"{ONE}partners/<int:pk>/antwoord/", partners.answer, name="programme_answer"),
    path(f"{ONE}partners/<int:pk>/gegevens/", partners.describe, name="programme_partner"),
    path(f"{ONE}partners/<int:pk>/weg/", partners.leave, name="programme_leave"),
    path(f"{ONE}partners/<int:pk>/uren/", partners.hours_of_last_year, name="programme_hours"),
    path(f"{ONE}partners/<int:pk>/uren/<int:year>/", partners.hours, name="programme_hours_of"),
    path(f"{ONE}convenant/", record.covenant, name="programme_covenant"),
    path(f"{ONE}convenant/schrijven/", covenant.write, name="programme_covenant_write"),
    path(f"{ONE}convenant/bewaren/", covenant.autosave, name="programme_covenant_autosave"),
    path(f"{ONE}convenant/tekenen/<int:pk>/", covenant.sign, name="programme_sign"),
    path(f"{ONE}tekenrondes/nieuw/", covenant.open_round, name="programme_round"),
    path(f"{ONE}tekenrondes/<int:pk>/sluiten/", covenant.close_round, name="programme_round_close"),
    path(f"{ONE}tekenrondes/<int:pk>/staatscourant/", covenant.publish, name="programme_gazette"),
    path(f"{ONE}werkgroepen/nieuw/", work.group, name="programme_group_new"),
    path(f"{ONE}werkgroepen/<int:pk>/", work.group, name="programme_group"),
    path(f"{ONE}werkgroepen/<int:pk>/lid/", work.seat, name="programme_seat"),
    path(f"{ONE}werkgroepen/<int:pk>/einde/", work.group_end, name="programme_group_end"),
    path(f"{ONE}werkgroepen/leden/<int:pk>/weg/", work.unseat, name="programme_unseat"),
    path(f"{ONE}mijlpalen/nieuw/", work.milestone, name="programme_milestone_new"),
    path(f"{ONE}mijlpalen/<int:pk>/", work.milestone, name="programme_milestone"),
    path(f"{ONE}mijlpalen/<int:pk>/gehaald/", work.milestone_reached, name="programme_milestone_reached"),
    path(f"{ONE}mijlpalen/<int:pk>/vervalt/", work.milestone_dropped, name="programme_milestone_dropped"),
    path(f"{ONE}terugblik/<int:year>-<int:half>/", work.reflection, name="programme_reflection"),
    path(
        f"{ONE}terugblik/<int:year>-<int:half>/bewaren/",
        work.reflection_autosave,
        name="programme_reflection_autosave",
    ),
    path(f"{ONE}midterm/nieuw/", work.review, name="programme_review_new"),
    path(f"{ONE}midterm/<int:pk>/", work.review, name="programme_review"),
    path(f"{ONE}midterm/<int:pk>/actiepunt/", work.point, name="programme_point"),
    path(f"{ONE}actiepunten/<int:pk>/klaar/", work.point_done, name="programme_point_done"),
    path(f"{ONE}resultaten/nieuw/", outcomes.result, name="programme_result_new"),
    path(f"{ONE}resultaten/<int:pk>/", outcomes.result, name="programme_result"),
    path(f"{ONE}opschaling/nieuw/", outcomes.scaling, name="programme_scaling_new"),
    path(f"{ONE}opschaling/<int:pk>/", outcomes.scaling, name="programme_scaling"),
    path(f"{ONE}afronden/", outcomes.closing, name="programme_closing"),
]
