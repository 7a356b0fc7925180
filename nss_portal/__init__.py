"""The portal of the Dutch National Support Structure: the package that composes the apps."""

from nss_portal.celery import app as celery_app

__all__ = ["celery_app"]
