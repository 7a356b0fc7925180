"""Addresses of one's own account. Names are those that django-allauth looks for."""

from allauth.account import views as login
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path, re_path

from governance.views import account, calendar, invitations, messages, organisation_login, passkeys, privacy

urlpatterns = [
    path("", account.account, name="account"),
    path("gegevens/", account.account_details, name="account_details"),
    path("agenda/", calendar.calendar, name="account_calendar"),
    path("agenda/nieuw-adres/", calendar.calendar_replace, name="account_calendar_replace"),
    path("agenda/stoppen/", calendar.calendar_stop, name="account_calendar_stop"),
    path("mijn-gegevens/", privacy.account_privacy, name="account_privacy"),
    path("mijn-gegevens/kopie/", privacy.account_privacy_copy, name="account_privacy_copy"),
    path(
        "mijn-gegevens/kopie/<pid:public_id>/", privacy.account_privacy_download, name="account_privacy_download"
    ),
    path("mijn-gegevens/vergeten/", privacy.account_forget, name="account_forget"),
    path("mijn-gegevens/blijven/", privacy.account_stay, name="account_stay"),
    path("kopie/<str:token>/", privacy.copy_link, name="privacy_copy_link"),
    path("berichten/", messages.message_list, name="account_messages"),
    path("berichten/<pid:public_id>/", messages.message, name="account_message"),
    path("inloggen/", login.login, name="account_login"),
    path("uitloggen/", login.logout, name="account_logout"),
    path("afgesloten/", login.account_inactive, name="account_inactive"),
    path("bevestigen/", login.reauthenticate, name="account_reauthenticate"),
    path("wachtwoord/", login.password_change, name="account_change_password"),
    path("wachtwoord/kiezen/", login.password_set, name="account_set_password"),
    path("wachtwoord/nieuw/", login.password_reset, name="account_reset_password"),
    path("wachtwoord/nieuw/verstuurd/", login.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^wachtwoord/nieuw/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        login.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("wachtwoord/klaar/", login.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("tweede-stap/", mfa.index, name="mfa_index"),
    path("tweede-stap/code/", passkeys.SecondStepView.as_view(), name="mfa_authenticate"),
    path("tweede-stap/bevestigen/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("tweede-stap/instellen/", passkeys.SetUpAppView.as_view(), name="mfa_activate_totp"),
    path("tweede-stap/uitzetten/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("tweede-stap/herstelcodes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("tweede-stap/herstelcodes/maken/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("tweede-stap/herstelcodes/bestand/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("tweede-stap/passkeys/", passkeys.passkeys, name="mfa_list_webauthn"),
    path("tweede-stap/passkeys/nieuw/", passkeys.AddView.as_view(), name="mfa_add_webauthn"),
    path("tweede-stap/passkeys/<int:pk>/naam/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("tweede-stap/passkeys/<int:pk>/verwijderen/", passkeys.RemoveView.as_view(), name="mfa_remove_webauthn"),
    path(
        "tweede-stap/passkeys/bevestigen/",
        passkeys.ReauthenticateView.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("inloggen/passkey/", passkeys.LoginView.as_view(), name="mfa_login_webauthn"),
    path("organisatie/", organisation_login.Connections.as_view(), name="socialaccount_connections"),
    path("organisatie/uitnodiging/", organisation_login.newcomer, name="organisation_newcomer"),
    path("organisatie/<slug:provider_id>/inloggen/", organisation_login.start, name="openid_connect_login"),
    path("organisatie/<slug:provider_id>/terug/", organisation_login.callback, name="openid_connect_callback"),
    path(
        "organisatie/<slug:provider_id>/uitgelogd/",
        organisation_login.logged_out,
        name="organisation_logged_out",
    ),
    path("sessies/", account.sessions, name="usersessions_list"),
    path("sessies/andere/", account.sessions_end, name="sessions_end"),
    path("sessies/<int:pk>/", account.session_end, name="session_end"),
    path("uitnodiging/<str:token>/", invitations.invitation, name="invitation"),
]
