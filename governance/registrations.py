"""What governance adds to the floors around it."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from governance.services.demo import load_demo
from governance.services.reference import load_reference
from nss_portal.core.registry import NavigationItem, demo_loaders, navigation, reference_loaders

reference_loaders.register(load_reference)
demo_loaders.register(load_demo)


@navigation.register
def entries() -> Iterator[NavigationItem]:
    """Governance in the main navigation."""
    yield NavigationItem(label=_("Governance"), url_name="governance:index", order=90)
