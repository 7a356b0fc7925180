from django.urls import path

from nss_portal.pages import components, held, statements, views

urlpatterns = [
    path("", views.home, name="home"),
    path("account/verder/", held.held_form, name="held_form"),
    path("toegankelijkheid/", statements.accessibility, name="accessibility"),
    path("privacy/", statements.privacy, name="privacy"),
    path("beheer/componenten/", components.component_page, name="components"),
    path("beheer/componenten/bevestigen/", components.confirm_page, name="components_confirm"),
]
