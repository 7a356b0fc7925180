"""Settings of the portal, all of them from the environment (`docs/settings.md` lists them)."""

from nss_portal.settings.accounts import *  # noqa: F403
from nss_portal.settings.base import *  # noqa: F403
from nss_portal.settings.oidc import *  # noqa: F403
from nss_portal.settings.security import *  # noqa: F403
from nss_portal.settings.work import *  # noqa: F403
