"""Addresses of municipalities, of taking part and of bottlenecks."""

from django.urls import path, register_converter

from cities.converters import MunicipalityCodeConverter
from cities.views import bottlenecks, involvement, municipalities, requests

register_converter(MunicipalityCodeConverter, "gm")

app_name = "cities"
urlpatterns = [
    path("gemeenten/", municipalities.municipality_list, name="municipalities"),
    path("gemeenten/gemeenten.csv", municipalities.municipality_download, name="municipalities_csv"),
    path("gemeenten/meedoen/", requests.take_part, name="take_part"),
    path("gemeenten/meedoen/ontvangen/", requests.received, name="request_received"),
    path("gemeenten/meedoen/<str:token>/", requests.link, name="request_link"),
    path("gemeenten/aanmeldingen/", requests.queue, name="requests"),
    path("gemeenten/aanmeldingen/<pid:public_id>/", requests.decide, name="request"),
    path("gemeenten/<gm:code>/", municipalities.municipality_page, name="municipality"),
    path("gemeenten/<gm:code>/meedoen/", requests.take_part, name="take_part_for"),
    path("gemeenten/<gm:code>/betrokkenheid/", involvement.change, name="involvement"),
    path("knelpunten/", bottlenecks.bottleneck_list, name="bottlenecks"),
    path("knelpunten/nieuw/", bottlenecks.new, name="bottleneck_new"),
    path("knelpunten/<pid:public_id>/", bottlenecks.record, name="bottleneck"),
    path("knelpunten/<pid:public_id>/bewerken/", bottlenecks.edit, name="bottleneck_edit"),
    path("knelpunten/<pid:public_id>/bewaren/", bottlenecks.autosave, name="bottleneck_autosave"),
    path("knelpunten/<pid:public_id>/uitnodigen/", bottlenecks.invite, name="bottleneck_invite"),
    path("knelpunten/<pid:public_id>/weggooien/", bottlenecks.discard, name="bottleneck_discard"),
    path("knelpunten/<pid:public_id>/<slug:step>/", bottlenecks.move, name="bottleneck_move"),
]
