"""Addresses about personal data and terms, for the coordination team."""

from django.urls import path

from governance.views import archive, retention

urlpatterns = [
    path("beheer/bewaren/", retention.overview, name="retention"),
    path("beheer/bewaren/adres/", retention.for_address, name="privacy_for_address"),
    path("beheer/bewaren/adres/<pid:public_id>/terugnemen/", retention.take_back, name="privacy_take_back"),
    path("beheer/bewaren/vasthouden/", retention.hold, name="retention_hold"),
    path("beheer/bewaren/vasthouden/<slug:kind>/einde/", retention.end_hold, name="retention_hold_end"),
    path("beheer/bewaren/archief/", archive.archive, name="archive"),
]
