"""Roles and events in words."""

import json
from collections.abc import Iterator
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from django import template
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.accounts.mfa import can_have_passkeys
from governance.accounts.organisation_login.adapter import in_domains
from governance.accounts.second_factor import is_required_for
from governance.models import User
from governance.selectors import HeldMembership
from nss_portal.core.access import Role
from nss_portal.core.models import AuditEvent

register = template.Library()

ROLE_WORDS = {
    Role.MEMBER: gettext_lazy("You see what your municipality keeps here, and change it."),
    Role.TEAM: gettext_lazy(
        "You keep your city's contract, review, bottlenecks and lessons, and see what the network shares."
    ),
    Role.ADVISOR: gettext_lazy("You see what the cities that you advise share, and write lessons."),
    Role.SIGNATORY: gettext_lazy("You sign contracts for this organisation and hand in its part of the review."),
    Role.MINISTRY: gettext_lazy("You answer signals to your ministry and keep up its part of contracts."),
    Role.PARTNER: gettext_lazy("You keep up what your organisation promised in contracts."),
    Role.DESK: gettext_lazy("You keep the desk and answer questions of municipalities."),
    Role.PUBLISHER: gettext_lazy("You edit and publish lessons and news."),
    Role.STEERING: gettext_lazy("You decide on the variant, the standard approach and the agenda."),
    Role.COORDINATOR: gettext_lazy(
        "You open and close the yearly review, decide on involvement and invite people."
    ),
}


SHORT_ROLES = {
    Role.MEMBER: gettext_lazy("works in what the municipality keeps here"),
    Role.TEAM: gettext_lazy("works in what the city keeps here, sees the network"),
    Role.ADVISOR: gettext_lazy("sees what the advised cities share"),
    Role.SIGNATORY: gettext_lazy("signs contracts"),
    Role.MINISTRY: gettext_lazy("answers signals to the ministry"),
    Role.PARTNER: gettext_lazy("keeps up promises in contracts"),
    Role.DESK: gettext_lazy("keeps the desk"),
    Role.PUBLISHER: gettext_lazy("edits and publishes lessons"),
    Role.STEERING: gettext_lazy("decides in the steering group"),
    Role.COORDINATOR: gettext_lazy("coordinates"),
}


@register.simple_tag
def role_for_review(held: HeldMembership) -> str:
    """Say in a few words what somebody else's membership lets that person do."""
    return _("no rights now") if held.role is None else str(SHORT_ROLES[held.role])


@register.simple_tag
def needs_second_factor(user: User) -> bool:
    """Say whether somebody's role asks for a second step, so that it cannot be switched off."""
    return is_required_for(user)


@register.simple_tag
def role_in_words(held: HeldMembership) -> str:
    """Say what a membership lets somebody do."""
    if held.role is None:
        return _("This organisation does not coordinate at the moment, so this gives no rights now.")
    if held.role == Role.ADVISOR and held.membership.organisation.group == "municipality":
        return _("You advise this city and see what it shares.")
    return str(ROLE_WORDS[held.role])


@register.simple_tag
def kind_in_words(event: AuditEvent) -> str:
    """Say what kind of record an event is about."""
    try:
        return str(apps.get_model(event.object_type)._meta.verbose_name)
    except LookupError:
        return event.object_type


@register.filter
def as_json(value: object) -> str:
    """Give what the browser's script reads from an attribute of the page."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.simple_tag(takes_context=True)
def passkeys_work(context: dict[str, Any]) -> bool:
    """Say whether passkeys work at the address under which the portal was opened."""
    return can_have_passkeys(context["request"])


@register.simple_tag(takes_context=True)
def organisation_logins(context: dict[str, Any], email: str = "") -> list[SocialApp]:
    """Give the organisations through whose own login one can come in; with an address those that it belongs to."""
    found: list[SocialApp] = get_adapter().list_apps(context["request"])
    return [app for app in found if not email or in_domains(app, email)]


@register.filter
def of(values: dict[object, object], key: object) -> object:
    """Give what a mapping holds under a key, or None."""
    return values.get(key)


@register.filter
def changes_in_words(event: AuditEvent) -> Iterator[tuple[str, object, object]]:
    """Give the changes of an event as (field, before or None, after)."""
    for name, value in event.changes.items():
        label = _field_label(event.object_type, name)
        if isinstance(value, list) and len(value) == 2:
            yield label, _shown(value[0]), _shown(value[1])
        else:
            yield label, None, _shown(value)


def _field_label(object_type: str, name: str) -> str:
    try:
        return str(getattr(apps.get_model(object_type)._meta.get_field(name), "verbose_name", name))
    except (LookupError, FieldDoesNotExist):
        return name.replace("_", " ")


def _shown(value: object) -> object:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value
