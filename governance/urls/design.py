"""Addresses of the design of the structure: choices, variants that are proposed, and what stands around it."""

from django.urls import path

from governance.views import design, ecosystem, evaluations, landscape

urlpatterns = [
    path("sturing/keuzes/", design.choices, name="choices"),
    path("sturing/keuzes/<int:number>/voorstellen/", design.position_propose, name="position_propose"),
    path("sturing/keuzes/voorstel/<pid:public_id>/", design.position, name="position"),
    path("sturing/varianten/voorstellen/", design.variant_propose, name="variant_propose"),
    path("sturing/varianten/voorstel/<pid:public_id>/", design.variant_proposal, name="variant_proposal"),
    path("sturing/varianten/evaluatie/beginnen/", evaluations.begin, name="evaluation_begin"),
    path("sturing/varianten/evaluatie/<pid:public_id>/", evaluations.evaluation, name="evaluation"),
    path(
        "sturing/varianten/evaluatie/<pid:public_id>/conclusie/", evaluations.conclude, name="evaluation_conclude"
    ),
    path("sturing/ecosysteem/", ecosystem.ecosystem, name="ecosystem"),
    path("sturing/andere-landen/", landscape.countries, name="countries"),
    path("sturing/aansluiting/", landscape.alignment, name="alignment"),
    path("sturing/ministeries/", landscape.ministry_list, name="ministries"),
    path("sturing/ministeries/acties/<int:number>/", landscape.asked_action, name="asked_action"),
    path("sturing/ministeries/bedrag/", landscape.budget_add, name="budget_add"),
    path("sturing/ministeries/bedrag/<int:pk>/weg/", landscape.budget_remove, name="budget_remove"),
    path("sturing/ministeries/<pid:public_id>/loket/", landscape.desk_keep, name="desk_keep"),
]
