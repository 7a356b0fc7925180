"""Checks of a deployment: is there a key to seal with?"""

from typing import Any

from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from nss_portal.core.pdf import seal


@register(Tags.security, deploy=True)
def seal_key(**_options: Any) -> list[Error]:
    """Say what is wrong with the key of the seal, on `check --deploy`."""
    try:
        seal.sealing_key()
    except ImproperlyConfigured as error:
        return [Error(str(error), hint="docs/settings.md, NSS_SEAL_KEY", id="nss.E010")]
    return []
