"""Addresses of organisations, their people, and variants."""

from django.urls import path

from governance.views import leaving, log, organisation_forms, organisations, people, variants

urlpatterns = [
    path("sturing/", variants.index, name="index"),
    path("sturing/varianten/", variants.variants, name="variants"),
    path("sturing/organisaties/", organisations.organisation_list, name="organisations"),
    path("sturing/organisaties/nieuw/", organisation_forms.add, name="organisation_add"),
    path("sturing/organisaties/<pid:public_id>/bewerken/", organisation_forms.change, name="organisation_change"),
    path("sturing/organisaties/<pid:public_id>/naam/", organisation_forms.rename, name="organisation_rename"),
    path(
        "sturing/organisaties/<pid:public_id>/opgaan/", organisation_forms.hand_over, name="organisation_handover"
    ),
    path("sturing/organisaties/<pid:public_id>/mensen/", people.people, name="people"),
    path("sturing/organisaties/<pid:public_id>/uitnodigen/", people.invite_person, name="invite"),
    path(
        "sturing/organisaties/<pid:public_id>/uitnodigingen/<pid:invitation_id>/intrekken/",
        people.withdraw,
        name="withdraw",
    ),
    path("sturing/organisaties/<pid:public_id>/mensen/<int:pk>/", people.membership_change, name="membership"),
    path(
        "sturing/organisaties/<pid:public_id>/mensen/<int:pk>/beeindigen/",
        people.membership_end,
        name="membership_end",
    ),
    path(
        "sturing/organisaties/<pid:public_id>/mensen/<int:pk>/tweede-stap/",
        people.second_factor_remove,
        name="second_factor_remove",
    ),
    path(
        "sturing/organisaties/<pid:public_id>/mensen/<int:pk>/overdragen/",
        leaving.hand_over_page,
        name="hand_over",
    ),
    path("sturing/organisaties/<pid:public_id>/mandaat/", people.mandate, name="mandate"),
    path(
        "sturing/organisaties/<pid:public_id>/mandaat/<int:pk>/intrekken/",
        people.mandate_withdraw,
        name="mandate_withdraw",
    ),
    path("sturing/organisaties/<pid:public_id>/", organisations.organisation, name="organisation_short"),
    path("sturing/organisaties/<pid:public_id>-<slug:slug>/", organisations.organisation, name="organisation"),
    path("beheer/logboek/", log.log, name="log"),
]
