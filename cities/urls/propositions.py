"""Addresses of propositions."""

from django.urls import path

from cities.views import proposition_steps, propositions

urlpatterns = [
    path("proposities/", propositions.proposition_list, name="propositions"),
    path("proposities/nieuw/", propositions.new, name="proposition_new"),
    path("proposities/<pid:public_id>/", propositions.record, name="proposition"),
    path("proposities/<pid:public_id>/bewerken/", propositions.edit, name="proposition_edit"),
    path("proposities/<pid:public_id>/bewaren/", propositions.autosave, name="proposition_autosave"),
    path("proposities/<pid:public_id>/steunen/", proposition_steps.support, name="proposition_support"),
    path("proposities/<pid:public_id>/steun/<int:pk>/weg/", proposition_steps.leave, name="proposition_leave"),
    path("proposities/<pid:public_id>/blijft/", proposition_steps.review, name="proposition_review"),
    path("proposities/<pid:public_id>/weggooien/", proposition_steps.discard, name="proposition_discard"),
    path("proposities/<pid:public_id>/<slug:step>/", proposition_steps.move, name="proposition_move"),
]
