"""What the contracts app adds to the floors below it."""

from contracts.demo.national import load_national
from contracts.demo.published import load_published
from contracts.services.reference import load_reference
from nss_portal.core.registry import demo_loaders, reference_loaders

reference_loaders.register(load_reference)
demo_loaders.register(load_published)
demo_loaders.register(load_national)
