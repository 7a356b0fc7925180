"""Why somebody does not come in through an organisation's own login, in words for that person."""

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.utils.translation import gettext_lazy as _


class Reason(StrEnum):
    """What went wrong; the values stand in the technical log."""

    CANCELLED = "cancelled"
    AWAY = "away"
    EXPIRED = "expired"
    NOT_TRUSTED = "not_trusted"
    LOW_ACR = "low_acr"
    NOT_VERIFIED = "not_verified"
    OTHER_DOMAIN = "other_domain"
    OTHER_CONNECTION = "other_connection"
    STAFF = "staff"
    UNKNOWN = "unknown"


class Refusal(OAuth2Error):
    """Nobody comes in with this answer of a provider. `detail` is for the technical log and holds no secrets."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Words:
    """The page that somebody sees: title and text may name the organisation as {label}."""

    title: Any
    text: Any
    status: HTTPStatus = HTTPStatus.FORBIDDEN
    how_to_get_in: bool = False


NO_ACCOUNT = _(
    "{label} knows you, but the portal has no account with your e-mail address. "
    "An account comes with an invitation."
)
WORDS = {
    Reason.CANCELLED: Words(
        _("You did not log in"), _("You stopped at {label}. Nothing has changed."), HTTPStatus.BAD_REQUEST
    ),
    Reason.AWAY: Words(
        _("{label} does not answer"),
        _("The login of {label} cannot be reached now. Try again in a few minutes, or log in with your password."),
        HTTPStatus.BAD_GATEWAY,
    ),
    Reason.EXPIRED: Words(
        _("Start again"),
        _("This attempt took more than ten minutes, was used already, or began in another browser."),
        HTTPStatus.BAD_REQUEST,
    ),
    Reason.NOT_TRUSTED: Words(
        _("The answer of {label} is not right"),
        _(
            "The portal could not make sure that this answer comes from {label} and was meant for you. "
            "Start again. Does it happen again? Tell the coordination team."
        ),
    ),
    Reason.LOW_ACR: Words(
        _("Log in at {label} with a second step"),
        _(
            "{label} let you in without the second step that the portal asks for. Choose the login with a second "
            "step there, or log in with your password."
        ),
    ),
    Reason.NOT_VERIFIED: Words(
        _("Your e-mail address is not verified"),
        _("{label} does not say that your e-mail address is yours. Ask its help desk to verify the address."),
    ),
    Reason.OTHER_DOMAIN: Words(
        _("This address does not belong to {label}"),
        _(
            "Your e-mail address is not one of {label}. Log in with your password; "
            "on the page of your account you can then connect {label}."
        ),
        how_to_get_in=True,
    ),
    Reason.OTHER_CONNECTION: Words(
        _("Another login of {label} belongs to this account"),
        _(
            "Your account is connected with another login of {label}. Log in with your password; on the page of "
            "your account you disconnect the old one and connect the new one."
        ),
    ),
    Reason.STAFF: Words(
        _("Connect your account first"),
        _(
            "Who manages the portal technically logs in with a password the first time, "
            "and connects {label} on the page of the account."
        ),
    ),
    Reason.UNKNOWN: Words(_("There is no account for you yet"), NO_ACCOUNT, how_to_get_in=True),
}
