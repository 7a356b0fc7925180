"""WSGI entry point."""

import os
import signal

from django.core.wsgi import get_wsgi_application

from nss_portal.supervisor.processes import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nss_portal.settings")
if os.environ.get("NSS_SUPERVISED"):
    # The web server's own parent leads the session; a child of it must not outlive it.
    end_with_parent(signal.SIGKILL, parent=os.getsid(0))
application = get_wsgi_application()
