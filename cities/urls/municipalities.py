"""Addresses of municipalities and of taking part."""

from django.urls import path

from cities.views import involvement, municipalities, requests

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
]
