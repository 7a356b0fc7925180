"""Addresses of Expressions of Interest."""

from django.urls import path

from cities.views import eoi_analysis, eoi_calls, eoi_manage, eoi_questions, eoi_submission

BASE = "gemeenten/eoi/"
OWN = f"{BASE}<pid:public_id>/"
CALL = f"{BASE}oproep/<slug:code>/"
QUESTION = f"{CALL}vragen/<slug:question>/"
OPTION = f"{QUESTION}opties/<slug:option>/"
ANALYSIS = f"{BASE}analyse/"

urlpatterns = [
    path(BASE, eoi_calls.index, name="eoi"),
    path(ANALYSIS, eoi_analysis.analysis, name="eoi_analysis"),
    path(f"{ANALYSIS}eoi-analyse.<str:kind>", eoi_analysis.download, name="eoi_analysis_file"),
    path(f"{ANALYSIS}<slug:code>/<slug:question>/", eoi_analysis.words, name="eoi_words"),
    path(f"{ANALYSIS}<slug:code>/<slug:question>/<slug:option>/", eoi_analysis.option, name="eoi_option"),
    path(f"{BASE}oproep-voorbereiden/", eoi_manage.new, name="eoi_call_new"),
    path(CALL, eoi_calls.call, name="eoi_call"),
    path(f"{CALL}bewerken/", eoi_manage.edit, name="eoi_call_edit"),
    path(f"{CALL}stap/<slug:step>/", eoi_manage.move, name="eoi_call_move"),
    path(f"{CALL}publiceren/", eoi_manage.publish, name="eoi_publish"),
    path(f"{CALL}bijwerking/", eoi_manage.ask_update, name="eoi_ask_update"),
    path(f"{CALL}merktekens/", eoi_manage.marks, name="eoi_marks"),
    path(f"{CALL}bestand/", eoi_manage.load_file, name="eoi_load_file"),
    path(f"{CALL}vragen/", eoi_questions.overview, name="eoi_questions"),
    path(f"{CALL}vraag-toevoegen/", eoi_questions.new_question, name="eoi_question_new"),
    path(QUESTION, eoi_questions.question, name="eoi_question"),
    path(f"{QUESTION}optie-toevoegen/", eoi_questions.new_option, name="eoi_option_new"),
    path(f"{QUESTION}verplaatsen/<slug:way>/", eoi_questions.move_question, name="eoi_question_move"),
    path(f"{OPTION}bewerken/", eoi_questions.option, name="eoi_option_edit"),
    path(f"{OPTION}verplaatsen/<slug:way>/", eoi_questions.move_option, name="eoi_option_move"),
    path(f"{CALL}beginnen/", eoi_submission.start, name="eoi_start"),
    path(OWN, eoi_submission.record, name="eoi_submission"),
    path(f"{OWN}versies/<int:number>/", eoi_submission.record, name="eoi_version"),
    path(f"{OWN}delen/", eoi_submission.share, name="eoi_share"),
    path(f"{OWN}bijwerken/", eoi_submission.start_again, name="eoi_start_again"),
    path(f"{OWN}invullen/", eoi_submission.fill, name="eoi_fill"),
    path(f"{OWN}invullen/<int:number>/", eoi_submission.screen, name="eoi_screen"),
    path(f"{OWN}bewaren/<int:number>/", eoi_submission.autosave, name="eoi_autosave"),
    path(f"{OWN}ongewijzigd/", eoi_submission.unchanged, name="eoi_unchanged"),
    path(f"{OWN}controleren/", eoi_submission.check, name="eoi_check"),
    path(f"{OWN}ingediend/", eoi_submission.receipt, name="eoi_receipt"),
    path(f"{OWN}weggooien/", eoi_submission.discard, name="eoi_discard"),
]
