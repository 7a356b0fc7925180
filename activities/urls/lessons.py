"""Addresses of lessons."""

from django.urls import path

from activities.views import lesson_uses, lessons

urlpatterns = [
    path("lessen/", lessons.lesson_list, name="lessons"),
    path("lessen/nieuw/", lessons.new, name="lesson_new"),
    path("lessen/<pid:public_id>/", lessons.record, name="lesson"),
    path("lessen/<pid:public_id>/bewerken/", lessons.edit, name="lesson_edit"),
    path("lessen/<pid:public_id>/bewaren/", lessons.autosave, name="lesson_autosave"),
    path("lessen/<pid:public_id>/weggooien/", lessons.discard, name="lesson_discard"),
    path("lessen/<pid:public_id>/gebruik/", lesson_uses.say, name="lesson_use"),
    path("lessen/<pid:public_id>/toepassing/<int:number>/", lesson_uses.outcome, name="lesson_outcome"),
    path("lessen/<pid:public_id>/<slug:step>/", lessons.move, name="lesson_move"),
]
