"""Settings of the suite: the portal's own, in demo mode, on servers of its own when none are given.

Without DATABASE_URL or REDIS_URL the servers live in a temporary folder; the process that starts the suite makes
it, and its workers find it in the environment. `tests/conftest.py` starts the servers.
"""

import os
import tempfile

os.environ.pop("NSS_PRODUCTION", None)
os.environ["NSS_DEMO"] = "1"
if "NSS_TEST_DATA_DIR" not in os.environ:
    os.environ["NSS_TEST_DATA_DIR"] = tempfile.mkdtemp(prefix="nss-test-")
os.environ["NSS_DATA_DIR"] = os.environ["NSS_TEST_DATA_DIR"]

from nss_portal.settings import *  # noqa: F403
from nss_portal.settings import CACHES, STORAGES, TEMPLATES
from tests.undefined import RaisesWhenUndefined

# Workers of the suite run beside each other: each has its own files and its own part of the cache.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
CACHES["default"]["BACKEND"] = "tests.cache.OwnKeys"
CACHES["default"]["KEY_PREFIX"] = f"nss-test-{_worker}"
STORAGES["default"]["OPTIONS"] = {"location": f"{os.environ['NSS_TEST_DATA_DIR']}/files-{_worker}"}

# WhiteNoise warns when the folder of collected files is not there; the suite is served from the sources.
os.makedirs(f"{os.environ['NSS_TEST_DATA_DIR']}/static", exist_ok=True)

# Each client of a test sets up the middleware anew: it looks for a file when asked for one, not for all before.
WHITENOISE_AUTOREFRESH = True

# A variable that no view gives is a fault in the page: the suite does not let it pass as an empty spot.
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = RaisesWhenUndefined("%s")

# Tests write records without an event in the log: pages would not notice.
NSS_KEEP_PAGES = False

# Passwords are hashed as in the portal, with the least work.
PASSWORD_HASHERS = ["tests.hashers.QuickArgon2"]
