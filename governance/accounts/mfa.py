"""The second factor: its secrets are stored encrypted, and who needs one cannot take it off."""

import base64
import hashlib

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _

from governance.accounts.adapter import TOO_MANY, WRONG_CODE
from governance.accounts.devices import describe
from governance.accounts.second_factor import is_required_for
from governance.models import User


class MFAAdapter(DefaultMFAAdapter):
    """Second factor by an app or a passkey, with recovery codes."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "rate_limited": TOO_MANY,
        "cannot_delete_authenticator": _(
            "Your role asks for a second step, so one stays on. Have you got a new phone? Add a passkey first, or "
            "ask the coordination team to take the old app off; you then set up the new one at your next login."
        ),
    }

    def get_totp_issuer(self) -> str:
        """The name under which the account stands in somebody's app."""
        return "NSS-portaal"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Who needs a second factor keeps at least one app or passkey."""
        user = authenticator.user
        if not (isinstance(user, User) and is_required_for(user)):
            return True
        others = Authenticator.objects.filter(user=user).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the portal as a passkey shows it; passkeys belong to the host name of the address."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": self.get_totp_issuer()}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """Name a passkey after the device on which it is made, which is mostly the one that keeps it."""
        return describe(context.request.headers.get("User-Agent", ""))

    def encrypt(self, text: str) -> str:
        """Encrypt a secret with a key that follows from SECRET_KEY."""
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a secret, also one that was written under a key of SECRET_KEY_FALLBACKS."""
        return cipher().decrypt(encrypted_text.encode()).decode()


def can_have_passkeys(request: HttpRequest) -> bool:
    """Say whether the portal was opened under a name: browsers tie no passkey to an address of digits."""
    host = request.get_host()
    return not (host.startswith("[") or host.partition(":")[0].replace(".", "").isdigit())


def cipher() -> MultiFernet:
    """Give the cipher of the secrets: the present key writes, it and the former ones read."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"governance.second-factor:" + force_bytes(key)).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
