"""People with an account."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from nss_portal.core.access import Standing
from nss_portal.core.access.standing import SYSTEM


class UserManager(BaseUserManager["User"]):
    """Makes accounts; who may do so is decided by the service that calls it."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an account with a lower-case address; without a password it cannot log in by itself."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def system(self) -> "User":
        """Give the named actor of tasks that no person started."""
        user, _created = self.get_or_create(
            email="systeem@portaal.invalid", defaults={"name": "Portaal (automatisch)", "is_system": True}
        )
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """An account: a person, or the named system actor. Rights follow from memberships, not from here."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(
        _("language"), max_length=2, choices=[("nl", "Nederlands"), ("en", "English")], default="nl"
    )
    is_active = models.BooleanField(_("may log in"), default=True)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    is_system = models.BooleanField(default=False, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    date_joined = models.DateTimeField(default=timezone.now)
    last_visit = models.DateTimeField(_("last visit"), null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("There is an account with this e-mail address already."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def standing(self) -> Standing:
        """What the person may do at this moment, read once per request."""
        from governance.selectors import standing_for

        return SYSTEM if self.is_system else standing_for(self)
