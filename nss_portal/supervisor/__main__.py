"""`python -m nss_portal.supervisor`: the whole portal on this machine."""

import sys

from nss_portal.supervisor.portal import main

if __name__ == "__main__":
    sys.exit(main("--end-with-parent" in sys.argv[1:]))
