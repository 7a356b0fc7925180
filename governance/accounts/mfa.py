"""The second factor: its secrets are stored encrypted, and who needs one cannot take it off."""

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _

from governance.accounts.adapter import TOO_MANY, WRONG_CODE
from governance.accounts.second_factor import is_required_for
from governance.models import User


class MFAAdapter(DefaultMFAAdapter):
    """Second factor by an app, with recovery codes."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "rate_limited": TOO_MANY,
        "cannot_delete_authenticator": _(
            "Your role asks for a second step, so it stays on. Have you got a new phone? "
            "Ask the coordination team to take the old app off; you then set up the new one at your next login."
        ),
    }

    def get_totp_issuer(self) -> str:
        """The name under which the account stands in somebody's app."""
        return "NSS-portaal"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Only who does not need a second factor takes it off."""
        user = authenticator.user
        return not (isinstance(user, User) and is_required_for(user))

    def encrypt(self, text: str) -> str:
        """Encrypt a secret with a key that follows from SECRET_KEY."""
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a secret, also one that was written under a key of SECRET_KEY_FALLBACKS."""
        return cipher().decrypt(encrypted_text.encode()).decode()


def cipher() -> MultiFernet:
    """Give the cipher of the secrets: the present key writes, it and the former ones read."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"governance.second-factor:" + force_bytes(key)).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
