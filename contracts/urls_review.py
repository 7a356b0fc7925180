"""Addresses of the annual review, by account; `urls_review_link` has those of personal links."""

from django.urls import URLPattern, path

from contracts.views import (
    reflection,
    review_blocked,
    review_city,
    review_figures,
    review_policy,
    review_rounds,
)
from contracts.views.review_part import ACCOUNT

PART_PAGES = {
    "part": "",
    "table": "tabel/",
    "table_file": "tabel/bestand/",
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
    path("klimaatcontracten/<pid:public_id>/geblokkeerd/", review_blocked.blockades, name="blockades"),
    path("klimaatcontracten/<pid:public_id>/geblokkeerd/<int:pk>/", review_blocked.say, name="blockade_say"),
    path(f"{ROUNDS}beleid/", review_policy.policies, name="policies"),
    path(f"{ROUNDS}beleid/nieuw/", review_policy.edit, name="policy_new"),
    path(f"{ROUNDS}beleid/<pid:public_id>/", review_policy.edit, name="policy"),
    path(f"{BASE}beleid/<pid:policy>/", review_policy.answer, name="review_policy"),
    path(f"{BASE}cijfer/<pid:indicator>/", review_figures.value, name="review_indicator"),
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
