"""Addresses of the desk."""

from django.urls import path

from activities.views import (
    desk,
    desk_applications,
    desk_ask,
    desk_calls,
    desk_link,
    desk_questions,
    desk_routes,
    desk_steps,
)
from activities.views import desk_directory as directory

urlpatterns = [
    path("loket/", desk.desk, name="desk"),
    path("loket/wegwijzer/", directory.directory, name="desk_directory"),
    path("loket/wegwijzer.csv", directory.directory_csv, name="desk_directory_csv"),
    path("loket/wegwijzer/nieuw/", directory.new_entry, name="desk_entry_new"),
    path("loket/wegwijzer/nakijken/", directory.to_check, name="desk_to_check"),
    path("loket/wegwijzer/<pid:public_id>/", directory.entry, name="desk_entry"),
    path("loket/wegwijzer/<pid:public_id>/bewerken/", directory.edit_entry, name="desk_entry_edit"),
    path("loket/wegwijzer/<pid:public_id>/nagekeken/", directory.check_entry, name="desk_entry_check"),
    path("loket/wegwijzer/<pid:public_id>/stap/<slug:step>/", directory.move_entry, name="desk_entry_move"),
    path("loket/vragen/", desk_questions.question_list, name="desk_questions"),
    path("loket/vragen/stellen/", desk_ask.ask, name="desk_ask"),
    path("loket/vragen/bekend/", desk_ask.suggest, name="desk_suggest"),
    path("loket/vragen/gesteld/", desk_ask.asked, name="desk_asked"),
    path("loket/vragen/link/<str:token>/", desk_link.link, name="desk_link"),
    path("loket/vragen/link/<str:token>/<slug:name>/", desk_link.link_step, name="desk_link_step"),
    path("loket/wegen/", desk_routes.route_list, name="desk_routes"),
    path("loket/wegen/<slug:code>/", desk_routes.route, name="desk_route"),
    path("loket/vragen/<pid:public_id>/", desk_questions.record, name="desk_question"),
    path("loket/vragen/<pid:public_id>/<slug:name>/", desk_steps.step, name="desk_step"),
    path("loket/oproepen/", desk_calls.call_list, name="desk_calls"),
    path("loket/wegwijzer/<pid:public_id>/belangstelling/", desk_calls.interest, name="desk_interest"),
    path("loket/wegwijzer/<pid:public_id>/geen-belangstelling/", desk_calls.no_interest, name="desk_no_interest"),
    path("loket/wegwijzer/<pid:public_id>/samen/", desk_applications.new, name="joint_application_new"),
    path("loket/aanvragen/<pid:public_id>/", desk_applications.record, name="joint_application"),
    path("loket/aanvragen/<pid:public_id>/bewerken/", desk_applications.edit, name="joint_application_edit"),
    path("loket/aanvragen/<pid:public_id>/vragen/", desk_applications.ask, name="joint_application_ask"),
    path("loket/aanvragen/<pid:public_id>/meedoen/", desk_applications.join, name="joint_application_join"),
    path(
        "loket/aanvragen/<pid:public_id>/niet-meedoen/<int:party>/",
        desk_applications.leave,
        name="joint_application_leave",
    ),
    path(
        "loket/aanvragen/<pid:public_id>/stap/<slug:step>/", desk_applications.move, name="joint_application_move"
    ),
    path("loket/antwoordtijden/", desk_questions.times, name="desk_times"),
]
