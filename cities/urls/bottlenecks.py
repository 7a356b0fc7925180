"""Addresses of bottlenecks."""

from django.urls import path

from cities.views import bottleneck_forms, bottleneck_groups, bottleneck_themes, bottlenecks

urlpatterns = [
    path("knelpunten/", bottlenecks.bottleneck_list, name="bottlenecks"),
    path("knelpunten/knelpunten.csv", bottlenecks.download, name="bottlenecks_csv"),
    path("knelpunten/knelpunten.xlsx", bottlenecks.download, {"kind": "xlsx"}, name="bottlenecks_xlsx"),
    path("knelpunten/nieuw/", bottleneck_forms.new, name="bottleneck_new"),
    path("knelpunten/vergelijkbaar/", bottleneck_forms.similar, name="bottleneck_similar"),
    path("knelpunten/themas/", bottleneck_themes.themes, name="bottleneck_themes"),
    path("knelpunten/themas/themas.<slug:form>", bottleneck_themes.download, name="bottleneck_themes_download"),
    path("knelpunten/<pid:public_id>/", bottlenecks.record, name="bottleneck"),
    path("knelpunten/<pid:public_id>/bewerken/", bottleneck_forms.edit, name="bottleneck_edit"),
    path("knelpunten/<pid:public_id>/bewaren/", bottleneck_forms.autosave, name="bottleneck_autosave"),
    path("knelpunten/<pid:public_id>/ook-wij/", bottleneck_groups.join, name="bottleneck_join"),
    path("knelpunten/<pid:public_id>/samenvoegen/", bottleneck_groups.merge, name="bottleneck_merge"),
    path(
        "knelpunten/<pid:public_id>/samenvoegen/<pid:merge_id>/terugdraaien/",
        bottleneck_groups.part,
        name="bottleneck_part",
    ),
    path("knelpunten/<pid:public_id>/uitnodigen/", bottlenecks.invite, name="bottleneck_invite"),
    path("knelpunten/<pid:public_id>/weggooien/", bottlenecks.discard, name="bottleneck_discard"),
    path("knelpunten/<pid:public_id>/<slug:step>/", bottlenecks.move, name="bottleneck_move"),
]
