"""Addresses of the standard approach."""

from django.urls import URLPattern, path

from contracts.views import (
    standard,
    standard_changes,
    standard_going,
    standard_measures,
    standard_newer,
    standard_start,
)

VERSION = "aanpak/versies/<int:number>/"

urlpatterns: list[URLPattern] = [
    path("aanpak/", standard.current, name="standard"),
    path("aanpak/maatregelen/", standard_measures.library, name="measures"),
    path("aanpak/maatregelen/maatregelen.xlsx", standard_measures.download, name="measures_xlsx"),
    path("aanpak/maatregelen/<slug:code>/", standard_measures.measure, name="measure"),
    path("aanpak/maatregelen/<slug:code>/overnemen/", standard_measures.adapt, name="measure_adapt"),
    path("aanpak/versies/", standard.versions, name="standard_versions"),
    path("aanpak/versies/nieuw/", standard.new_version, name="standard_new"),
    path(VERSION, standard.version_page, name="standard_version"),
    path(f"{VERSION}wijzigingen/", standard.changes, name="standard_changes"),
    path(f"{VERSION}standaardaanpak.json", standard.data, {"form": "json"}, name="standard_json"),
    path(f"{VERSION}standaardaanpak.xlsx", standard.data, {"form": "xlsx"}, name="standard_xlsx"),
    path(f"{VERSION}inleiding/", standard.intro, name="standard_intro"),
    path(f"{VERSION}stap/<slug:name>/", standard.step, name="standard_step"),
    path(f"{VERSION}deel/<slug:path>/<slug:code>/", standard_changes.item, name="standard_item"),
    path("aanpak/opmerkingen/<int:pk>/terugnemen/", standard_changes.comment_back, name="standard_comment_back"),
    path("aanpak/voorstellen/", standard_changes.change_list, name="standard_change_list"),
    path("aanpak/voorstellen/nieuw/", standard_changes.new_change, name="standard_change_new"),
    path("aanpak/voorstellen/<pid:public_id>/", standard_changes.record, name="standard_change"),
    path("aanpak/voorstellen/<pid:public_id>/besluit/", standard_changes.decide, name="standard_change_decide"),
    path(
        "aanpak/voorstellen/<pid:public_id>/intrekken/", standard_changes.withdraw, name="standard_change_withdraw"
    ),
    path(f"{VERSION}doorlopen/", standard_going.overview, name="standard_going"),
    path(f"{VERSION}doorlopen/uitkomst/", standard_going.outcome, name="standard_outcome"),
    path(f"{VERSION}doorlopen/<slug:code>/", standard_going.section, name="standard_going_section"),
    path(f"{VERSION}doorlopen/<slug:code>/bewaren/", standard_going.autosave, name="standard_going_autosave"),
    path("aanpak/beginnen/", standard_start.begin, name="start"),
    path("aanpak/beginnen/<pid:public_id>/weggooien/", standard_start.discard, name="start_discard"),
    path("aanpak/beginnen/<pid:public_id>/<slug:name>/", standard_start.screen, name="start_screen"),
    path("aanpak/beginnen/<pid:public_id>/<slug:name>/bewaren/", standard_start.autosave, name="start_autosave"),
    path("klimaatcontracten/<pid:public_id>/aanpak/", standard_newer.compare, name="standard_newer"),
]
