from django.urls import path

from nss_portal.pages import components, feeds, held, statements, views

urlpatterns = [
    path("", views.home, name="home"),
    path("account/verder/", held.held_form, name="held_form"),
    path("agenda.ics", feeds.public_feed, name="public_feed"),
    path("agenda/soort/<slug:kind>.ics", feeds.kind_feed, name="kind_feed"),
    path("agenda/mijn/<str:token>.ics", feeds.personal_feed, name="personal_feed"),
    path("toegankelijkheid/", statements.accessibility, name="accessibility"),
    path("privacy/", statements.privacy, name="privacy"),
    path("privacy/bewaartermijnen/", statements.privacy_terms, name="privacy_terms"),
    path("beheer/componenten/", components.component_page, name="components"),
    path("beheer/componenten/bevestigen/", components.confirm_page, name="components_confirm"),
]
