"""Addresses of the annual review, by account; `urls_review_link` has those of personal links."""

from django.urls import URLPattern, path

from contracts.views import reflection, review_city, review_rounds
from contracts.views.review_part import ACCOUNT

PART_PAGES = {
    "part": "",
    "effort": "<int:number>/",
    "autosave": "<int:number>/bewaren/",
    "effect": "<int:number>/effect/",
    "similar": "<int:number>/lijkt-op/",
    "same": "<int:number>/zelfde/",
    "same_for_all": "zelfde/",
    "check": "controleren/",
    "receipt": "ontvangst/",
    "reopen": "wijzigen/",
}
ROUNDS = "klimaatcontracten/herijkingen/"
BASE = "klimaatcontracten/<pid:public_id>/herijking/<int:year>/"

urlpatterns: list[URLPattern] = [
    path("rapporten/nationale-reflectie/<int:year>/", reflection.reflection, name="reflection"),
    path(ROUNDS, review_rounds.rounds, name="rounds"),
    path(f"{ROUNDS}<int:year>/", review_rounds.board, name="round"),
    path(f"{ROUNDS}<int:year>/sluiten/", review_rounds.close, name="round_close"),
    path(f"{ROUNDS}<int:year>/datum/", review_rounds.move_due, name="round_due"),
    path(f"{ROUNDS}<int:year>/zonder-adres/", review_rounds.silent, name="round_silent"),
    path(BASE, review_city.review, name="review"),
    path(f"{BASE}indienen/", review_city.submit, name="review_submit"),
    path(f"{BASE}indienen/bewaren/", review_city.autosave, name="review_conclusion"),
    path(f"{BASE}elders/<int:effort>/", review_city.tip, name="review_tip"),
    path(f"{BASE}heropenen/", review_city.reopen, name="review_reopen_all"),
    path(f"{BASE}deel/<pid:part>/partij/", review_city.party, name="review_party"),
    path(f"{BASE}deel/<pid:part>/herinneren/", review_city.remind, name="review_remind"),
    path(f"{BASE}deel/<pid:part>/link/", review_city.renew_link, name="review_renew_link"),
    *(
        path(f"{BASE}deel/<pid:part>/{rest}", ACCOUNT[name], name=f"review_{name}")
        for name, rest in PART_PAGES.items()
    ),
]
