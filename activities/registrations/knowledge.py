"""What knowledge products and news add to other parts of the portal."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy

from nss_portal.core.carrying import Carried
from nss_portal.core.registry import merger_handlers


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Knowledge products and news go along when a municipality goes on in another one."""
    yield Carried("activities.KnowledgeProduct", "organisation", gettext_lazy("knowledge products"))
    yield Carried("activities.News", "organisation", gettext_lazy("news"))
