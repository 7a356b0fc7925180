"""Addresses of mergers of municipalities."""

from django.urls import path

from cities.views import mergers

urlpatterns = [
    path("gemeenten/samenvoegen/", mergers.overview, name="mergers"),
    path("gemeenten/samenvoegen/voorbeeld/", mergers.preview, name="merger_preview"),
    path("gemeenten/samenvoegen/<pid:public_id>/", mergers.record, name="merger"),
    path("gemeenten/samenvoegen/<pid:public_id>/afblazen/", mergers.cancel, name="merger_cancel"),
]
