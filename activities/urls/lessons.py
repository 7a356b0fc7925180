"""Addresses of lessons."""

from django.urls import path

from activities.views import lesson_comments, lesson_fit, lesson_forms, lesson_steps, lesson_uses, lessons

ONE = "lessen/<pid:public_id>/"
urlpatterns = [
    path("lessen/", lessons.lesson_list, name="lessons"),
    path("lessen/lessen.csv", lessons.download, name="lessons_csv"),
    path("lessen/nieuw/", lesson_forms.new, name="lesson_new"),
    path("lessen/voor-ons/", lesson_fit.for_us, name="lessons_for_us"),
    path("lessen/voor/<gm:code>/", lesson_fit.for_municipality, name="lessons_for"),
    path(ONE, lessons.record, name="lesson"),
    path(f"{ONE}bewerken/", lesson_forms.edit, name="lesson_edit"),
    path(f"{ONE}bewaren/", lesson_forms.autosave, name="lesson_autosave"),
    path(f"{ONE}bestanden/", lesson_forms.add_file, name="lesson_file"),
    path(f"{ONE}bestanden/<slug:file_id>/weg/", lesson_forms.remove_file, name="lesson_file_remove"),
    path(f"{ONE}weggooien/", lesson_forms.discard, name="lesson_discard"),
    path(f"{ONE}opmerkingen/", lesson_comments.add, name="lesson_comment"),
    path(f"{ONE}opmerkingen/<int:number>/", lesson_comments.answer, name="lesson_answer"),
    path(f"{ONE}opmerkingen/<int:number>/afhandelen/", lesson_comments.settle, name="lesson_settle"),
    path(f"{ONE}versies/", lesson_steps.versions, name="lesson_versions"),
    path(f"{ONE}nieuwe-versie/", lesson_steps.revise, name="lesson_revise"),
    path(f"{ONE}publiek/", lesson_steps.audiences, name="lesson_audiences"),
    path(f"{ONE}gebruik/", lesson_uses.say, name="lesson_use"),
    path(f"{ONE}toepassing/<int:number>/", lesson_uses.outcome, name="lesson_outcome"),
    path(f"{ONE}<slug:step>/", lesson_steps.move, name="lesson_move"),
]
