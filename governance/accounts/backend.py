"""Who is logged in, read together with what their standing follows from."""

from allauth.account.auth_backends import AuthenticationBackend

from governance.models import User
from governance.selectors import with_held


class Backend(AuthenticationBackend):
    """django-allauth's backend; every page of a member reads the person and their memberships in one query."""

    def get_user(self, user_id: int) -> User | None:
        """Give the person of a session, or None where the account is gone or may not log in."""
        user = with_held().filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
