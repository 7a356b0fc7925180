"""Addresses of the desk."""

from django.urls import path

from activities.views import desk
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
]
