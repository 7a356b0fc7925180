"""What a standard asks of a contract: sections, tables and columns, as data.

The numbering of the NetZeroCities template drifts between its versions: a table is addressed by standard and code,
and `concept` says which tables of several standards ask the same.
"""

from typing import Any, Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contracts.models.contract import ContractStandard


class Part(models.TextChoices):
    """The three parts of a climate contract."""

    COMMITMENTS = "commitments", _("commitments")
    ACTION_PLAN = "action_plan", _("action plan")
    INVESTMENT_PLAN = "investment_plan", _("investment plan")


class Holds(models.TextChoices):
    """Where the rows of a table live: in a record of their own kind, or in the table itself."""

    ROWS = "rows", _("rows of the table itself")
    PARTIES = "parties", _("parties")
    COMMITMENTS = "commitments", _("commitments")
    ACTIONS = "actions", _("actions")
    INVESTMENTS = "investments", _("investments")
    EMISSIONS = "emissions", _("emission figures")
    INDICATORS = "indicators", _("indicators")


class Named(models.Model):
    """Something with a title in two languages."""

    title_nl = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Give the title in the language of the page."""
        return self.title_en if get_language() == "en" else self.title_nl


class TemplateSection(Named):
    """A section of a standard: a text, tables, or both."""

    standard = models.ForeignKey(ContractStandard, on_delete=models.CASCADE, related_name="sections")
    code = models.SlugField(_("code"), max_length=40)
    number = models.CharField(_("number in the template"), max_length=20, blank=True)
    part = models.CharField(_("part"), max_length=20, choices=Part)
    order = models.PositiveSmallIntegerField(default=0)
    guidance_nl = models.TextField(_("what belongs here"), blank=True)
    guidance_en = models.TextField(_("what belongs here, in English"), blank=True)
    # Empty where the section is only tables.
    asks_text = models.BooleanField(_("asks a text"), default=True)

    class Meta:
        ordering = ["standard", "order", "pk"]
        verbose_name = _("section of a standard")
        verbose_name_plural = _("sections of standards")
        constraints = [models.UniqueConstraint(fields=["standard", "code"], name="template_section_once")]

    @property
    def guidance(self) -> str:
        """Give what belongs here, in the language of the page."""
        return self.guidance_en if get_language() == "en" else self.guidance_nl


class TemplateTable(Named):
    """A table of a section."""

    section = models.ForeignKey(TemplateSection, on_delete=models.CASCADE, related_name="tables")
    standard = models.ForeignKey(ContractStandard, on_delete=models.CASCADE, related_name="tables")
    code = models.CharField(_("code"), max_length=40)
    concept = models.SlugField(_("what it asks, the same in all standards"), max_length=40)
    holds = models.CharField(_("rows live in"), max_length=12, choices=Holds, default=Holds.ROWS)
    order = models.PositiveSmallIntegerField(default=0)
    guidance_nl = models.TextField(_("what belongs here"), blank=True)
    guidance_en = models.TextField(_("what belongs here, in English"), blank=True)
    is_needed = models.BooleanField(_("needed before submission"), default=False)

    class Meta:
        ordering = ["standard", "section__order", "order", "pk"]
        verbose_name = _("table of a standard")
        verbose_name_plural = _("tables of standards")
        constraints = [
            models.UniqueConstraint(fields=["standard", "code"], name="template_table_once"),
            models.UniqueConstraint(fields=["standard", "concept"], name="template_table_concept_once"),
        ]

    @property
    def guidance(self) -> str:
        """Give what belongs here, in the language of the page."""
        return self.guidance_en if get_language() == "en" else self.guidance_nl


class TemplateColumn(Named):
    """A column of a table: what kind of value it takes, in which unit."""

    table = models.ForeignKey(TemplateTable, on_delete=models.CASCADE, related_name="columns")
    key = models.SlugField(_("key"), max_length=40)
    kind = models.CharField(_("kind of value"), max_length=12)
    # The list of choices, for a choice.
    vocabulary = models.CharField(_("list of choices"), max_length=40, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_required = models.BooleanField(_("required"), default=False)
    # Other headings under which the column stands in contracts that exist.
    aliases = models.JSONField(_("other headings"), default=list, blank=True)

    class Meta:
        ordering = ["table", "order", "pk"]
        verbose_name = _("column of a standard")
        verbose_name_plural = _("columns of standards")
        constraints = [models.UniqueConstraint(fields=["table", "key"], name="template_column_once")]


class TableRowQuerySet(models.QuerySet["TableRow"]):
    """Rows of tables."""

    def of(self, version: Any, concept: str) -> Self:
        """Keep the rows of one table of a version."""
        return self.filter(version=version, table__concept=concept)


class TableRow(models.Model):
    """A row of a table that is no record of its own kind; `cells` maps column keys to typed values as JSON."""

    version = models.ForeignKey("contracts.ContractVersion", on_delete=models.CASCADE, related_name="table_rows")
    table = models.ForeignKey(TemplateTable, on_delete=models.PROTECT, related_name="rows")
    # Names the same row in later versions and in files.
    code = models.SlugField(_("code"), max_length=40)
    order = models.PositiveIntegerField(default=0)
    cells = models.JSONField(_("cells"), default=dict)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    # Counts every saving; a form that carries an older number was overtaken by a colleague.
    revision = models.PositiveIntegerField(default=0)

    objects = TableRowQuerySet.as_manager()

    class Meta:
        ordering = ["version", "table", "order", "pk"]
        verbose_name = _("row of a table")
        verbose_name_plural = _("rows of tables")
        constraints = [models.UniqueConstraint(fields=["version", "table", "code"], name="table_row_code_once")]

    def __str__(self) -> str:
        return f"{self.table.code} · {self.code}"


class SectionText(models.Model):
    """What a version says in a section."""

    version = models.ForeignKey("contracts.ContractVersion", on_delete=models.CASCADE, related_name="texts")
    section = models.ForeignKey(TemplateSection, on_delete=models.PROTECT, related_name="texts")
    text = models.TextField(_("text"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(_("saved"), auto_now=True)

    class Meta:
        ordering = ["version", "section__order"]
        verbose_name = _("text of a section")
        verbose_name_plural = _("texts of sections")
        constraints = [models.UniqueConstraint(fields=["version", "section"], name="section_text_once")]

    def __str__(self) -> str:
        return f"{self.version_id} · {self.section_id}"
