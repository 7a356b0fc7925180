"""Addresses of pilots and twinnings."""

from django.urls import path

from activities.views.pilots import acting, record, twinnings

urlpatterns = [
    path("programmas/pilots/", record.pilot_list, name="pilots"),
    path("programmas/pilots/nieuw/", acting.new, name="pilot_new"),
    path("programmas/pilots/voor-ons/", record.for_us, name="pilots_for_us"),
    path("programmas/pilots/voor/<gm:code>/", record.for_municipality, name="pilots_for"),
    path("programmas/pilots/<pid:public_id>/", record.record, name="pilot"),
    path("programmas/pilots/<pid:public_id>/bewerken/", acting.edit, name="pilot_edit"),
    path("programmas/pilots/<pid:public_id>/vragen/", acting.ask, name="pilot_ask"),
    path("programmas/pilots/<pid:public_id>/deel/<int:number>/", acting.part, name="pilot_part"),
    path("programmas/pilots/<pid:public_id>/deel/<int:number>/niet/", acting.leave, name="pilot_leave"),
    path("programmas/pilots/<pid:public_id>/stap/<slug:step>/", acting.move, name="pilot_move"),
    path("programmas/pilots/<pid:public_id>/weggooien/", acting.discard, name="pilot_discard"),
    path("programmas/pilots/<pid:public_id>/volgen/", acting.follow, name="pilot_follow"),
    path("programmas/pilots/twinning/<pid:public_id>/", twinnings.record, name="twinning"),
    path("programmas/pilots/twinning/<pid:public_id>/afspraak/", twinnings.agree, name="twinning_agree"),
    path("programmas/pilots/twinning/<pid:public_id>/bijeenkomst/", twinnings.meeting, name="twinning_meeting"),
    path("programmas/pilots/twinning/<pid:public_id>/terugblik/", twinnings.look_back, name="twinning_look_back"),
    path("programmas/pilots/twinning/<pid:public_id>/les/<int:number>/", twinnings.lesson, name="twinning_lesson"),
    path("programmas/pilots/twinning/<pid:public_id>/stap/<slug:step>/", twinnings.move, name="twinning_move"),
]
