"""Addresses of who has which rights: the yearly review, the emergency role, and organisations that arrive."""

from django.urls import path

from governance.views import domains, emergency, rights, sign_up

urlpatterns = [
    path("sturing/noodtoegang/", emergency.emergency, name="emergency"),
    path("sturing/noodtoegang/<pid:public_id>/beeindigen/", emergency.emergency_end, name="emergency_end"),
    path("sturing/organisaties/meedoen/", sign_up.sign_up, name="sign_up"),
    path("sturing/organisaties/meedoen/verstuurd/", sign_up.received, name="sign_up_received"),
    path("sturing/organisaties/meedoen/link/<str:token>/", sign_up.link, name="sign_up_link"),
    path("sturing/organisaties/aanvragen/", sign_up.queue, name="sign_ups"),
    path("sturing/organisaties/aanvragen/<pid:public_id>/", sign_up.decide, name="sign_up_decide"),
    path("sturing/rechten/", rights.rights_overview, name="rights_overview"),
    path("sturing/organisaties/<pid:public_id>/rechten/", rights.rights, name="rights"),
    path("sturing/organisaties/<pid:public_id>/rechten/klopt/", rights.rights_confirm, name="rights_confirm"),
    path("sturing/organisaties/<pid:public_id>/domeinen/", domains.domains, name="domains"),
    path("sturing/organisaties/<pid:public_id>/domeinen/<int:pk>/weg/", domains.domain_end, name="domain_end"),
]
