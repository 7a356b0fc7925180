"""How django-allauth behaves here: accounts by invitation only, mails through the portal's own outbox."""

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse, translate_url
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from governance.accounts.devices import describe
from governance.accounts.second_factor import came_in_strongly
from governance.models import User
from governance.services.people import is_recent, note_security, record_login
from nss_portal.core.mail import queue_mail

WRONG_CODE = _("This code is not right. Look at the newest code in your app, or use a recovery code.")
TOO_MANY = _("There were too many attempts in a short time. Wait five minutes, then try again.")
WRONG_PASSWORD = _("This is not your present password. Check it, then try again.")
# What changed about somebody's way in; the name of allauth's own mail, and the words of ours.
SECURITY_NEWS = {
    "account/email/password_changed": _("Your password was changed."),
    "account/email/password_reset": _("Your password was changed through a link in a mail."),
    "account/email/password_set": _("A password was set."),
    "mfa/email/totp_activated": _("The second step of logging in was switched on."),
    "mfa/email/totp_deactivated": _("The second step of logging in was switched off."),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made; the old ones no longer work."),
    "mfa/email/webauthn_added": _("A passkey was added to your account."),
    "mfa/email/webauthn_removed": _("A passkey was removed from your account."),
    "socialaccount/email/account_connected": _("Logging in through {provider} was connected to your account."),
    "socialaccount/email/account_disconnected": _(
        "Logging in through {provider} was disconnected from your account."
    ),
}


class AccountAdapter(DefaultAccountAdapter):
    """Login by e-mail; no open sign-up; texts of our own."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account has been closed. Ask a lead of your organisation."),
        "email_password_mismatch": _(
            "This e-mail address and password do not go together. Check both, or ask for a new password."
        ),
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "incorrect_password": WRONG_PASSWORD,
        "enter_current_password": WRONG_PASSWORD,
        "incorrect_code": WRONG_CODE,
        "invalid_password_reset": _("This link does not work any more. Ask for a new one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: accounts come from invitations."""
        return False

    def is_reauthentication_required(self, app: str) -> bool:
        """Ask for the password again before a change of the second factor; not right after login for the first."""
        required: bool = super().is_reauthentication_required(app=app)
        user = self.request.user
        if not isinstance(user, User) or not is_recent(user):
            return required
        return required and Authenticator.objects.filter(user=user, created_at__lt=user.last_login).exists()

    def get_login_stages(self) -> list[str]:
        """Ask for the second step in our own way."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "governance.accounts.second_factor.SecondStep"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def login(self, request: HttpRequest, user: User) -> None:
        """Log in, and note it with what it was proved by."""
        records = get_authentication_records(request, user)
        second_factor = any(record.get("method") == "mfa" for record in records)
        record_login(
            user=user,
            second_factor=second_factor or came_in_strongly(request, user),
            through=provider_of(request, user),
        )
        super().login(request, user)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """After an organisation's own login, say that one is still logged in there."""
        user = request.user
        provider = provider_of(request, user) if isinstance(user, User) else ""
        if provider and any(app.provider_id == provider for app in get_social_adapter().list_apps(request)):
            return reverse("organisation_logged_out", args=[provider])
        url: str = super().get_logout_redirect_url(request)
        return url

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Go to the home page in the person's own language."""
        user = request.user
        return translate_url(reverse("home"), user.language) if isinstance(user, User) else reverse("home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go back to one's own page."""
        return reverse("account")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Give the address in the mail; its host comes from the settings, not from whoever asks."""
        uid, _dash, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.NSS_BASE_URL}{path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write a mail in the person's language; the portal's outbox sends it."""
        user = context.get("user")
        language = user.language if isinstance(user, User) else translation.get_language()
        with translation.override(language), transaction.atomic():
            queue_mail(
                key=f"account.{secrets.token_hex(12)}",
                to=email,
                subject=render_to_string(f"{template_prefix}_subject.txt", context),
                body=render_to_string(f"{template_prefix}_message.txt", context),
                language=language,
            )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell somebody that the way into the account changed, and keep it in the audit log."""
        with translation.override(user.language), transaction.atomic():
            provider = (context or {}).get("provider")
            news = str(SECURITY_NEWS[template_prefix]).format(provider=provider.app.name if provider else "")
            what = template_prefix.rpartition("/")[2]
            note_security(user=user, what=what, provider=provider.app.provider_id if provider else "")
            details = {
                "news": news,
                "when": timezone.localtime(),
                "ip": self.get_client_ip(self.request),
                "device": describe(self.get_http_user_agent(self.request)),
                "sessions_url": f"{settings.NSS_BASE_URL}{reverse('usersessions_list')}",
            }
            queue_mail(
                key=f"account.{secrets.token_hex(12)}",
                to=user.email,
                subject=news,
                body=render_to_string("governance/mail/security.txt", details),
                language=user.language,
            )


def provider_of(request: HttpRequest, user: User) -> str:
    """Give the organisation's login through which this visit began ('rotterdam'), or ''."""
    records = get_authentication_records(request, user)
    return next((str(record["provider"]) for record in records if record.get("method") == "socialaccount"), "")
