"""Addresses of workspaces: of activities, of programmes, of working groups. All have the same pages."""

from django.urls import include, path

from activities.views.workspace import notes, publications, room, work

ACTIVITY = "agenda/<pid:public_id>-<slug:slug>/werkruimte/"
PROGRAMME = "programmas/<pid:programme_id>-<slug:slug>/werkruimte/"
GROUP = "programmas/<pid:programme_id>/werkgroepen/<int:group_id>/werkruimte/"
NOTE = "notities/<pid:note_id>/"
TASK = "voorbereiding/<pid:task_id>/"
POINT = "acties/<pid:point_id>/"

pages = [
    path("", room.workspace, name="workspace"),
    path("notities/nieuw/", notes.new, name="workspace_note_new"),
    path(NOTE, notes.read, name="workspace_note"),
    path(f"{NOTE}bewerken/", notes.edit, name="workspace_note_edit"),
    path(f"{NOTE}bewaren/", notes.autosave, name="workspace_note_autosave"),
    path(f"{NOTE}geschiedenis/", notes.history, name="workspace_note_history"),
    path(f"{NOTE}geschiedenis/<int:number>/", notes.version, name="workspace_note_version"),
    path(f"{NOTE}geschiedenis/<int:number>/terughalen/", notes.restore, name="workspace_note_restore"),
    path(f"{NOTE}weghalen/", notes.remove, name="workspace_note_remove"),
    path(f"{NOTE}terugzetten/", notes.put_back, name="workspace_note_put_back"),
    path("voorbereiding/nieuw/", work.task_new, name="workspace_task_new"),
    path(TASK, work.task, name="workspace_task"),
    path(f"{TASK}klaar/", work.task_mark, name="workspace_task_mark"),
    path(f"{TASK}terugnemen/", work.task_remove, name="workspace_task_remove"),
    path("bestanden/nieuw/", work.file_new, name="workspace_file_new"),
    path("bestanden/<pid:file_id>/weghalen/", work.file_remove, name="workspace_file_remove"),
    path("besluiten/nieuw/", work.decision_new, name="workspace_decision_new"),
    path(
        "besluiten/<pid:decision_id>/terugnemen/",
        work.decision_take_back,
        name="workspace_decision_take_back",
    ),
    path("acties/nieuw/", work.point_new, name="workspace_point_new"),
    path(POINT, work.point, name="workspace_point"),
    path(f"{POINT}wijzigen/", work.point_change, name="workspace_point_change"),
    path(f"{POINT}heropenen/", work.point_reopen, name="workspace_point_reopen"),
    path("publiceren/", publications.publish, name="workspace_publish"),
    path(
        "publicaties/<pid:publication_id>/intrekken/",
        publications.withdraw,
        name="workspace_publication_withdraw",
    ),
]

urlpatterns = [
    path("agenda/gepubliceerd/<pid:public_id>/", publications.record, name="publication"),
    path(f"{ACTIVITY}meedoen/", room.join, name="workspace_join"),
    *(path(owner, include(pages)) for owner in (ACTIVITY, PROGRAMME, GROUP)),
]
