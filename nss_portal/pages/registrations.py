"""What the composing floor adds itself: the way home."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from nss_portal.core.registry import NavigationItem, navigation


@navigation.register
def entries() -> Iterable[NavigationItem]:
    """Give the first entry of the navigation, for who has an account."""
    return [NavigationItem(label=_("My work"), url_name="home", order=0, members_only=True)]
