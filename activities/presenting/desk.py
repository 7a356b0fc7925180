"""What pages of the directory say, put in words and lists for the components."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models.desk import MONEY_KINDS, Certainty, DirectoryEntry
from cities.models.involvement import Level
from nss_portal.core.exports import Column, Sheet
from nss_portal.core.formats import format_date, format_number


def outside(url: str) -> SafeString:
    """Give a link to a site of others that shows where it goes."""
    shown = url.removeprefix("https://").removeprefix("http://").rstrip("/")
    return format_html('<a href="{}" rel="noopener">{}</a>', url, shown)


def entry_facts(entry: DirectoryEntry) -> list[tuple[str, Any]]:
    """Give the facts of an entry: who runs it, where it is, and how sure that is."""
    facts: list[tuple[str, Any]] = [(_("Run by"), entry.run_by)]
    if entry.url:
        facts.append((_("Website"), outside(entry.url)))
    if entry.contact:
        facts.append((_("Whom to ask"), entry.contact))
    if entry.under:
        link = format_html('<a href="{}">{}</a>', entry.under.get_absolute_url(), entry.under.local_name)
        facts.append((_("Falls under"), link))
    facts.append((_("From where"), entry.get_scope_display()))
    themes = [str(theme) for theme in entry.themes.all()]
    if themes:
        facts.append((_("Themes"), ", ".join(themes)))
    if entry.source:
        facts.append((_("Source"), entry.source))
    if entry.organisation:
        facts.append((_("Kept by"), entry.organisation.local_name))
    return facts


def money_facts(entry: DirectoryEntry) -> list[tuple[str, Any]]:
    """Give what one needs to know to apply; nothing for what is no money."""
    if entry.kind not in MONEY_KINDS:
        return []
    facts: list[tuple[str, Any]] = []
    if entry.opens_on:
        facts.append((_("Opens on"), format_date(entry.opens_on)))
    if entry.deadline:
        facts.append((_("Deadline"), format_date(entry.deadline)))
    if entry.amount:
        facts.append((_("How much"), entry.amount))
    if entry.levels:
        names = [str(Level(level).label) for level in Level if level in entry.levels]
        facts.append((_("For which cities"), ", ".join(names)))
    if size := size_in_words(entry.min_population, entry.max_population):
        facts.append((_("Size"), size))
    if entry.min_partners and entry.min_partners > 1:
        text = ngettext("at least {number} applicant", "at least {number} applicants", entry.min_partners)
        facts.append((_("Together"), text.format(number=entry.min_partners)))
    return facts


def size_in_words(least: int | None, most: int | None) -> str:
    """Say for which numbers of inhabitants something is meant; '' for all."""
    if least and most:
        text = _("{least} to {most} inhabitants")
    elif least:
        text = _("from {least} inhabitants")
    elif most:
        text = _("up to {most} inhabitants")
    else:
        return ""
    return text.format(least=format_number(least), most=format_number(most))


def how_sure(entry: DirectoryEntry) -> str:
    """Say in one line how sure an entry is and since when."""
    if entry.checked_on and entry.checked_by:
        text = _("Checked on {day} by {name}.")
        return text.format(day=format_date(entry.checked_on), name=entry.checked_by.local_name)
    if entry.certainty_note:
        return f"{entry.certainty_note}."
    if entry.certainty == Certainty.UNCONFIRMED:
        return _("Nobody has checked this yet.")
    return ""


def directory_sheet(entries: Any) -> Sheet:
    """Give the directory as a table to download. One query."""
    columns = [
        Column(_("Name")),
        Column(_("Kind")),
        Column(_("From where")),
        Column(_("Run by")),
        Column(_("What it is")),
        Column(_("Website")),
        Column(_("Deadline")),
        Column(_("How sure")),
        Column(_("Last checked")),
        Column(_("Source")),
    ]
    rows = [
        [
            entry.local_name,
            entry.get_kind_display(),
            entry.get_scope_display(),
            entry.run_by,
            entry.description,
            entry.url,
            entry.deadline,
            entry.get_certainty_display(),
            entry.checked_on,
            entry.source,
        ]
        for entry in entries
    ]
    return Sheet(_("Directory of the desk"), columns, rows)
