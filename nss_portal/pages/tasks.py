"""Thin Celery tasks of the composing floor."""

from celery import shared_task

from nss_portal.pages import digest

__all__ = ["digest", "digest_day"]


@shared_task(name="pages.digest_day")
def digest_day() -> None:
    """Every morning, several times: a summary that was asked for already is not asked for again."""
    digest.ask_for_digests()
