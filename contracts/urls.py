"""Addresses of climate contracts; those of the annual review stand in `urls_review`."""

from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from contracts.views import (
    content,
    demand,
    draft,
    indicators,
    pathway,
    record,
    register,
    scenario,
    signing,
    steps,
    tables,
    versions_compared,
)

app_name = "contracts"
signing_patterns: list[URLPattern | URLResolver] = [
    path("", signing.overview, name="signing"),
    path("papier/", signing.paper, name="signing_paper"),
    path("toetreden/", signing.join, name="signing_join"),
    path("herinneren/", signing.remind, name="signing_remind"),
    path("<pid:signature_id>/", signing.sign, name="sign"),
    path("<pid:signature_id>/uitnodigen/", signing.invite, name="signing_invite"),
    path("<pid:signature_id>/terugtrekken/", signing.withdraw, name="signing_withdraw"),
    path("<pid:signature_id>/opnieuw/", signing.ask_again, name="signing_again"),
]
version_patterns: list[URLPattern | URLResolver] = [
    path("", record.version_page, name="version"),
    path("gegevens.json", record.version_data, name="version_data"),
    path("vergelijken/", versions_compared.comparison, name="version_comparison_start"),
    path("vergelijken/<int:other>/", versions_compared.comparison, name="version_comparison"),
    path("basis/", draft.version, name="version_change"),
    path("partijen/nieuw/", draft.party, name="party_new"),
    path("partijen/<int:pk>/", draft.party, name="party_change"),
    path("partijen/<int:pk>/contact/", draft.contact, name="party_contact"),
    path("partijen/<int:pk>/weghalen/", draft.party_remove, name="party_remove"),
    path("afspraken/nieuw/", draft.commitment, name="commitment_new"),
    path("afspraken/<int:pk>/", draft.commitment, name="commitment_change"),
    path("afspraken/<int:pk>/weghalen/", draft.commitment_remove, name="commitment_remove"),
    path("acties/nieuw/", draft.action, name="action_new"),
    path("acties/<int:pk>/", draft.action, name="action_change"),
    path("acties/<int:pk>/weghalen/", draft.action_remove, name="action_remove"),
    path("ondertekenen/", include(signing_patterns)),
    path("inhoud/", content.content, name="content"),
    path("controle/", content.check, name="checklist"),
    path("inhoud/<slug:code>/", content.section, name="section"),
    path("inhoud/<slug:code>/bewaren/", content.section_autosave, name="section_autosave"),
    path("opmerkingen/", content.comment, name="comment"),
    path("opmerkingen/<int:pk>/afgehandeld/", content.settle, name="comment_settle"),
    path("tabellen.json", content.as_json, name="version_json"),
    path("tabellen.xlsx", content.as_xlsx, name="version_xlsx"),
    path("tabellen/<str:code>/", content.table, name="table"),
    path("tabellen/<str:code>/rij/", tables.row, name="row_new"),
    path("tabellen/<str:code>/plakken/", tables.paste, name="paste"),
    path("tabellen/<str:code>/<slug:ident>/", tables.row, name="row"),
    path("tabellen/<str:code>/<slug:ident>/bewaren/", tables.row_autosave, name="row_autosave"),
    path("tabellen/<str:code>/<slug:ident>/weghalen/", tables.row_remove, name="row_remove"),
    path("invoer/", tables.upload, name="upload"),
    path("invoer/<int:pk>/", tables.dry_run, name="import"),
    path("weggooien/", steps.discard, name="version_discard"),
    path("stap/<slug:name>/", steps.move, name="version_step"),
]
contract_patterns: list[URLPattern | URLResolver] = [
    path("", record.contract_page, name="detail"),
    path("versies/nieuw/", steps.start_version, name="version_new"),
    path("delen/", steps.share, name="share"),
    path("uitleg/", record.explain, name="explain"),
    path("indicatoren/", indicators.overview, name="indicators"),
    path("indicatoren/indicatoren.csv", indicators.download, name="indicators_csv"),
    path("indicatoren/nieuw/", indicators.edit, name="indicator_new"),
    path("indicatoren/<pid:indicator_id>/", indicators.record, name="indicator"),
    path("indicatoren/<pid:indicator_id>/bewerken/", indicators.edit, name="indicator_edit"),
    path("indicatoren/<pid:indicator_id>/weggooien/", indicators.discard, name="indicator_discard"),
    path("pad/", pathway.explorer, name="pathway"),
    path("pad/zaak.json", pathway.case, name="pathway_case"),
    path("pad/vergelijken/", scenario.comparison, name="scenarios"),
    path("pad/bewaren/", scenario.keep, name="scenario_keep"),
    path("pad/<pid:scenario_id>/", scenario.record, name="scenario"),
    path("pad/<pid:scenario_id>/<slug:action>/", scenario.act, name="scenario_act"),
    path("versies/<int:number>/", include(version_patterns)),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("klimaatcontracten/", register.contract_list, name="list"),
    path("klimaatcontracten/klimaatcontracten.csv", register.contract_download, name="list_csv"),
    path("klimaatcontracten/vraagbundeling/", demand.index, name="demand"),
    path("klimaatcontracten/vraagbundeling/<slug:code>/", demand.item, name="demand_item"),
    path(
        "klimaatcontracten/vraagbundeling/<slug:code>/<int:organisation_id>/", demand.answer, name="demand_answer"
    ),
    path(
        "klimaatcontracten/vraagbundeling/<slug:code>/aanbod/<pid:offer_id>/", demand.reply, name="demand_reply"
    ),
    path("klimaatcontracten/nieuw/", steps.new_contract, name="new"),
    path("klimaatcontracten/<pid:public_id>/", include(contract_patterns)),
    path("", include("contracts.urls_monitoring")),
    path("", include("contracts.urls_review")),
    path("", include("contracts.urls_standard")),
]
