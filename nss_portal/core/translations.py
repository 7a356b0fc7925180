"""The Dutch catalogues: one per app, gathered from code and templates, compiled without GNU gettext.

Texts in code are English gettext ids, so English is complete by itself; Dutch is what has to be kept complete.
"""

from pathlib import Path

import polib
from django.conf import settings
from django.core.management import call_command
from django.utils.translation.reloader import translation_file_changed

AREAS = ("governance", "cities", "activities", "contracts")
REST = "nss_portal"
# Templates that a library looks for under its own name, and the app whose texts they hold.
TEMPLATES_OF = {"account": "governance", "mfa": "governance", "usersessions": "governance"}


def catalogue(area: str) -> Path:
    """Give the path of the Dutch catalogue of an app."""
    return Path(settings.BASE_DIR) / "locale" / area / "nl" / "LC_MESSAGES" / "django.po"


def area_of(path: str) -> str:
    """Give the app that a source file's texts belong to: `cities/forms.py`, `templates/cities/list.html`."""
    parts = path.removeprefix("./").removeprefix("templates/").split("/")
    area = TEMPLATES_OF.get(parts[0], parts[0])
    return area if area in AREAS else REST


def extract() -> polib.POFile:
    """Gather all texts with GNU gettext; raises CommandError when xgettext is not installed."""
    template = Path(settings.BASE_DIR) / "locale" / "django.pot"
    call_command(
        "makemessages",
        "--locale=xx",
        "--keep-pot",
        "--add-location=file",
        "--ignore=.venv/*",
        "--ignore=node_modules/*",
        "--ignore=build/*",
        "--ignore=tests/*",
        "--ignore=.data/*",
        verbosity=0,
    )
    try:
        return polib.pofile(str(template))
    finally:
        template.unlink(missing_ok=True)
        leftover = Path(settings.BASE_DIR) / "locale" / "xx"
        for path in sorted(leftover.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        if leftover.exists():
            leftover.rmdir()


def split(template: polib.POFile) -> dict[str, list[polib.POEntry]]:
    """Divide the texts over the apps; a text of several apps goes to the first of them."""
    parts: dict[str, list[polib.POEntry]] = {area: [] for area in (*AREAS, REST)}
    for entry in template:
        areas = sorted(area_of(source) for source, _line in entry.occurrences)
        parts[areas[0] if areas else REST].append(entry)
    return parts


def remembered() -> dict[tuple[str | None, str], polib.POEntry]:
    """Give the translated texts of all areas: a text that moves to another area keeps its Dutch."""
    return {
        (entry.msgctxt, entry.msgid): entry
        for area in (*AREAS, REST)
        if catalogue(area).exists()
        for entry in polib.pofile(str(catalogue(area)))
        if is_translated(entry)
    }


def merge(area: str, entries: list[polib.POEntry]) -> polib.POFile:
    """Bring an app's catalogue up to date: keep translations, add new texts empty, drop what is gone."""
    path = catalogue(area)
    existing = polib.pofile(str(path)) if path.exists() else polib.POFile()
    own = {(entry.msgctxt, entry.msgid): entry for entry in existing if is_translated(entry)}
    known = {**remembered(), **own}
    merged = polib.POFile(wrapwidth=110)
    merged.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "nl",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for entry in sorted(entries, key=lambda e: (e.msgid, e.msgctxt or "")):
        old = known.get((entry.msgctxt, entry.msgid))
        plural = {0: "", 1: ""} if entry.msgid_plural else {}
        merged.append(
            polib.POEntry(
                msgctxt=entry.msgctxt,
                msgid=entry.msgid,
                msgid_plural=entry.msgid_plural,
                msgstr=old.msgstr if old else "",
                msgstr_plural=(old.msgstr_plural if entry.msgid_plural and old and old.msgstr_plural else plural),
                flags=[flag for flag in entry.flags if flag != "fuzzy"],
                occurrences=sorted({(source, "") for source, _line in entry.occurrences}),
            )
        )
    return merged


def is_translated(entry: polib.POEntry) -> bool:
    """Say whether an entry has its Dutch, all plural forms included."""
    if entry.msgid_plural:
        return len(entry.msgstr_plural) == 2 and all(entry.msgstr_plural.values())
    return bool(entry.msgstr)


def missing() -> list[str]:
    """Give the texts without Dutch in the committed catalogues, as 'area: text'."""
    return [
        f"{area}: {entry.msgid}"
        for area in (*AREAS, REST)
        if catalogue(area).exists()
        for entry in polib.pofile(str(catalogue(area)))
        if not is_translated(entry) or entry.fuzzy
    ]


def compile_all() -> int:
    """Write the .mo files that Django reads, where the .po is newer; gives how many were written.

    A process that had loaded the older texts already forgets them and reads the new ones.
    """
    written = 0
    for area in (*AREAS, REST):
        source = catalogue(area)
        target = source.with_suffix(".mo")
        if source.exists() and (not target.exists() or target.stat().st_mtime < source.stat().st_mtime):
            polib.pofile(str(source)).save_as_mofile(str(target))
            translation_file_changed(None, target)
            written += 1
    return written
