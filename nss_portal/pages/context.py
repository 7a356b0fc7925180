"""What every page needs: the name of the portal, its navigation, the other language."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nss_portal.core.access import Role, standing_of
from nss_portal.core.portal_name import portal_name
from nss_portal.core.registry import NavigationItem, navigation

LANGUAGE_NAMES = {"nl": "Nederlands", "en": "English"}
ACCOUNT = (
    (_("My account"), "account"),
    (_("Where I am logged in"), "usersessions_list"),
    (_("My reports"), "reports:list"),
)
TOOLS = (
    (_("Requests to take part"), "cities:requests"),
    (_("Tasks of the portal"), "jobs"),
    (_("Mail of the portal"), "mails"),
    (_("Figures of all municipalities"), "contracts:fetches"),
    (_("Log"), "governance:log"),
)
FOOTER = ((_("Accessibility"), "accessibility"), (_("Privacy"), "privacy"))


@dataclass(frozen=True)
class Link:
    """A link with its label; `current` is the value of `aria-current`, empty elsewhere.

    `parts` are the entries of the second row, the link's own page first; empty where there is only that page.
    """

    label: str | Promise
    url: str
    current: str = ""
    parts: tuple["Link", ...] = ()


@dataclass(frozen=True)
class LanguageLink:
    """The same page in another language."""

    code: str
    name: str
    url: str


def entries(request: HttpRequest) -> list[NavigationItem]:
    """Give the entries of the main navigation that this person sees, in order."""
    is_member = request.user.is_authenticated
    roles = {role.value for role in standing_of(request.user).roles}
    items = [item for source in navigation for item in source()]
    shown = [
        item for item in items if (is_member or not item.members_only) and (not item.roles or roles & item.roles)
    ]
    return sorted(shown, key=lambda item: item.order)


def navigation_of(request: HttpRequest) -> list[Link]:
    """Give the main navigation, in which the part of the site that the page is in is marked in both rows."""
    shown = [(item, reverse(item.url_name)) for item in entries(request)]
    home = reverse("home")
    inside = [
        url for _item, url in shown if request.path.startswith(url) and (url != home or request.path == home)
    ]
    nearest = max(inside, key=len, default=None)
    here = "page" if request.path == nearest else "true"
    names = {item.url_name for item, _url in shown}
    links = []
    for head, url in shown:
        if head.under in names:
            continue
        belonging = [(item, where) for item, where in shown if item.under == head.url_name]
        parts = [
            Link(item.label, where, here if where == nearest else "") for item, where in [(head, url), *belonging]
        ]
        current = here if url == nearest else "true" if any(part.current for part in parts) else ""
        links.append(Link(head.label, url, current, tuple(parts) if belonging else ()))
    return links


def languages_of(request: HttpRequest) -> list[LanguageLink]:
    """Give the same page in the other languages; none where it has no other address (an error page)."""
    here = request.get_full_path()
    links = []
    for code, name in LANGUAGE_NAMES.items():
        if code == get_language():
            continue
        url = translate_url(here, code)
        if url != here:
            links.append(LanguageLink(code, name, url))
    return links


def existing(pairs: tuple[tuple[str | Promise, str], ...]) -> list[Link]:
    """Turn pairs of label and view name into links; a view that is not there is left out."""
    links = []
    for label, name in pairs:
        try:
            links.append(Link(label, reverse(name)))
        except NoReverseMatch:
            continue
    return links


def tools_of(request: HttpRequest) -> list[Link]:
    """Give what coordinators and administrators find in the menu under their name; nothing for others."""
    pairs = TOOLS if standing_of(request.user).has(Role.COORDINATOR) else ()
    if getattr(request.user, "is_staff", False):
        pairs = (*pairs, (_("Administration"), "admin:index"))
    return existing(pairs)


def portal(request: HttpRequest) -> dict[str, object]:
    """Give the base template what it shows around every page; worked out only where it is drawn."""
    name = portal_name()
    return {
        "demo_mode": settings.NSS_DEMO,
        "portal_name": name.name,
        "portal_short_name": name.short_name,
        "portal_tagline": name.tagline,
        "navigation": SimpleLazyObject(lambda: navigation_of(request)),
        "languages": SimpleLazyObject(lambda: languages_of(request)),
        "footer_links": SimpleLazyObject(lambda: existing(FOOTER)),
        "tool_links": SimpleLazyObject(lambda: tools_of(request)),
        "account_links": SimpleLazyObject(lambda: existing(ACCOUNT)),
    }
