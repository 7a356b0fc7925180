"""The first coordinator: the one account that nobody can invite."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from governance.models import GovernanceVariant, Organisation, User
from governance.models.membership import Function
from governance.selectors import coordinators, current_period
from governance.services import Refused
from governance.services.memberships import start_membership
from governance.services.people import make_account
from governance.services.variants import start_variant
from nss_portal.core.time import today


@transaction.atomic
def make_first_coordinator(*, email: str, variant: str, organisation: str) -> tuple[User, str]:
    """Make the account of the first coordinator; gives it with a link, good once, to choose a password.

    Where no variant is in force yet, the one named begins today with the organisation (its code) that
    coordinates. Asking again before the password is chosen gives a new link. Raises Refused for an address that
    is none, when somebody else coordinates already, and for a variant or organisation that does not exist.
    """
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused(_("{email} is no e-mail address.").format(email=email)) from error
    coordinating = _coordinating_organisation(variant, organisation)
    user = User.objects.filter(email=address).first()
    others = coordinators().exclude(email=address).filter(is_demo=False)
    if others.exists() or (user is not None and user.has_usable_password()):
        raise Refused(_("There is a coordinator already, who can invite others."))
    system = User.objects.system()
    if user is None:
        user = make_account(actor=system, email=address, name=address.partition("@")[0])
    start_membership(actor=system, user=user, organisation=coordinating, function=Function.COORDINATION)
    return user, link_to_choose_password(user)


def link_to_choose_password(user: User) -> str:
    """Give the address under which somebody chooses a password; it works once, for PASSWORD_RESET_TIMEOUT."""
    with translation.override(user.language):
        path = reverse(
            "account_reset_password_from_key",
            kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
        )
    return f"{settings.NSS_BASE_URL}{path}"


def _coordinating_organisation(variant: str, organisation: str) -> Organisation:
    period = current_period()
    if period is not None:
        return period.coordinating_organisation
    chosen = GovernanceVariant.objects.filter(code=variant).first()
    coordinating = Organisation.objects.filter(code=organisation).first()
    if chosen is None or coordinating is None:
        raise Refused(
            _(
                "There is no variant {variant} or no organisation {organisation}. Load the reference data first."
            ).format(variant=variant, organisation=organisation)
        )
    start_variant(
        actor=User.objects.system(),
        variant=chosen,
        coordinating_organisation=coordinating,
        valid_from=today(),
        reason=_("The first period, set when the portal was taken into use."),
    )
    return coordinating
