"""The living page of all components at /beheer/componenten/, each in all its states."""

from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from nss_portal.core import charts, geo
from nss_portal.core.access import Role, standing_of
from nss_portal.core.days import DayField
from nss_portal.core.registry import NewsItem, WorkItem
from nss_portal.core.rendering import render
from nss_portal.core.time import today

STANDS = [
    ("on-course", "Op koers"),
    ("behind", "Achter"),
    ("blocked", "Geblokkeerd"),
    ("more", "Meer dan beloofd"),
    ("stopped", "Gestopt"),
]
PLACES = [
    geo.Place("Amsterdam", 52.37379, 4.88397, 931_298, "mission", named=True),
    geo.Place("Groningen", 53.2131, 6.58971, 243_768, "mission", named=True),
    geo.Place("Amstelveen", 52.29976, 4.85599, 95_014, "eoi", named=True),
    geo.Place("Zwolle", 52.51447, 6.11162, 133_141, "eoi", named=True),
    geo.Place("Breda", 51.58307, 4.77702, 188_000, "interested"),
    geo.Place("Almere", 52.37452, 5.23212, 226_500),
]
TONES = [
    ("neutral", "concept"),
    ("good", "op koers"),
    ("attention", "achter"),
    ("bad", "geblokkeerd"),
    ("info", "in behandeling"),
    ("mission", "missiestad"),
    ("eoi", "EoI-stad"),
    ("interested", "geïnteresseerd"),
    ("other", "overig"),
    ("quiet", "illustratief"),
]


class SampleForm(forms.Form):
    """Every kind of field that the portal uses."""

    name = forms.CharField(label="Naam van de actie", help_text="Zoals zij in het contract staat.")
    stand = forms.ChoiceField(label="Hoe staat het ervoor?", choices=STANDS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Wat blokkeert deze actie?",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Eén of twee zinnen. We zoeken mee of andere steden dit ook hebben.",
    )
    reduction = forms.DecimalField(
        label="Verwachte daling in 2030", widget=forms.NumberInput(attrs={"unit": "kt"}), required=False
    )
    theme = forms.ChoiceField(
        label="Thema", choices=[("", "Kies een thema"), ("heat", "Warmte"), ("mobility", "Mobiliteit")]
    )
    helps = forms.MultipleChoiceField(
        label="Wie kan helpen?",
        choices=[("rvo", "RVO"), ("vng", "VNG"), ("province", "De provincie")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    due = DayField(label="Klaar op", required=False)
    attachment = forms.FileField(label="Bijlage", required=False)
    agreed = forms.BooleanField(label="De andere partijen zijn het hiermee eens")


class SampleFilterForm(forms.Form):
    """Two filters, as above a register."""

    search = forms.CharField(label="Zoeken", required=False)
    level = forms.ChoiceField(
        label="Betrokkenheid",
        choices=[("", "Alle"), ("mission", "Missiestad"), ("eoi", "EoI-stad")],
        required=False,
    )


@dataclass(frozen=True)
class SampleFilter:
    """What `filters.html` needs of a FilterSet."""

    form: SampleFilterForm


def may_look(request: HttpRequest) -> bool:
    """Say whether this person may open the page: anyone in demo mode, else administrators and coordinators."""
    user = request.user
    return settings.NSS_DEMO or getattr(user, "is_staff", False) or standing_of(user).has(Role.COORDINATOR)


def chart_samples() -> list[charts.Chart]:
    """Give a chart of lines and one of stacked areas; the figures are rounded and illustrative."""
    years = list(range(2018, 2031))
    contract = [1941, 1935, 1910, 1860, 1750, 1580, 1370, 1150, 930, 740, 600, 500, 446]
    spread = [0, 10, 20, 35, 60, 90, 120, 150, 170, 180, 190, 195, 195]
    lines = charts.line(
        charts.LineChart(
            title="Uitstoot tot 2030",
            description="De uitstoot daalt van 1.941 naar 446 kiloton in 2030. Het doel is 388.",
            unit="kt CO₂",
            source="Illustratief, naar het actieplan van Eindhoven en Helmond",
            x=years,
            series=[
                charts.Series("zonder maatregelen", [1941 - 6 * i for i in range(13)], charts.Style.TREND),
                charts.Series(
                    "dit contract",
                    contract,
                    charts.Style.MAIN,
                    low=[value - extra for value, extra in zip(contract, spread, strict=True)],
                    high=[value + extra for value, extra in zip(contract, spread, strict=True)],
                ),
            ],
            target=charts.Target(388, "doel 2030"),
            x_title="jaar",
        )
    )
    bars = charts.bar(
        charts.BarChart(
            title="Inzet per stand",
            description="Van 42 acties zijn er 24 op koers, 9 achter, 5 geblokkeerd en 4 verder dan beloofd.",
            unit="acties",
            source="Illustratief",
            categories=["op koers", "achter", "geblokkeerd", "meer dan beloofd"],
            series=[charts.Series("acties", [24, 9, 5, 4])],
        )
    )
    return [lines, bars]


def work_samples() -> list[WorkItem]:
    """Give work items with each kind of due date."""
    day = today()
    return [
        WorkItem(
            title="Jaarlijkse herijking afronden",
            url="#taken",
            action_label="Herijking afmaken",
            minutes=25,
            due=day + timedelta(days=3),
            detail="Negen van twaalf partijen hebben hun inzet bijgewerkt. Er staan nog drie acties open.",
            progress=(9, 12),
            on_behalf_of="Transitieteam Eindhoven",
        ),
        WorkItem("Voorbereiding Deep Dive", "#taken", "Casus invullen", 10, due=day + timedelta(days=20)),
        WorkItem("Is er iets veranderd in jullie EoI?", "#taken", "Nakijken", 10),
        WorkItem("Antwoord op het signaal", "#taken", "Reageren", 5, due=day - timedelta(days=2)),
    ]


def component_page(request: HttpRequest) -> HttpResponse:
    """Show every component in all its states."""
    if not may_look(request):
        raise Http404
    faulty = SampleForm({"stand": "blocked", "reduction": "veel"})
    faulty.is_valid()
    now, day = timezone.now(), today()
    context = {
        "tones": TONES,
        "step_samples": [
            {"label": "Concept", "state": "done"},
            {"label": "Interne toets", "state": "done"},
            {"label": "Vastgesteld", "state": "current"},
            {"label": "Ondertekend", "state": "todo"},
        ],
        "fact_samples": [("Doeljaar", "2030"), ("Aanpak", "NZC, versie 2"), ("Investering", "2,7 miljard euro")],
        "number_samples": [
            {"value": "12", "label": "missie- en EoI-steden", "url": "#getallen"},
            {"value": "38", "label": "geïnteresseerde gemeenten", "url": ""},
            {"value": "64", "label": "knelpunten in behandeling", "url": ""},
        ],
        "items": work_samples(),
        "changes": [
            NewsItem(day, "past jullie les over deelmobiliteit toe", "#nieuws", "Groningen"),
            NewsItem(day - timedelta(days=3), "steunen nu dit knelpunt", "", "Vijf steden"),
        ],
        "row_samples": [
            {
                "text": "Vastgesteld",
                "when": now,
                "who": "Transitieteam Eindhoven",
                "reason": "Besluit van de raad",
            },
            {"text": "Naar interne toets", "when": now - timedelta(days=30), "who": "Transitieteam Helmond"},
        ],
        "conflict_samples": [
            {
                "label": "Wat is er gebeurd?",
                "mine": "De aansluiting komt in 2029.",
                "theirs": "De aansluiting komt in 2028.",
            }
        ],
        "sample": SampleForm(initial={"name": "Warmte-infrastructuur", "stand": "blocked", "reduction": 95}),
        "faulty": faulty,
        "filter": SampleFilter(SampleFilterForm(request.GET or None)),
        "page_obj": Paginator(range(500), 50).get_page(request.GET.get("page", "4")),
        "map": geo.drawing(PLACES),
        "charts": chart_samples(),
        "day": day,
        "now": now,
        "size": 412_000,
    }
    return render(request, "pages/components.html", context)


def confirm_page(request: HttpRequest) -> HttpResponse:
    """Show the page that asks whether somebody is sure; its button does nothing here."""
    if not may_look(request):
        raise Http404
    context = {
        "title": "Ronde 2025 afsluiten?",
        "intro": "Daarna kan niemand nog iets aan de herijkingen van dit jaar wijzigen.",
        "consequences": [
            "Drie contracten hebben nog niets ingediend. Hun herijking sluit zoals zij is.",
            "Het portaal schrijft de nationale reflectie. Dat duurt ongeveer een minuut.",
        ],
        "action": "Ronde afsluiten",
        "back_url": "../",
        "form_action": "../",
        "danger": False,
        "form": None,
    }
    return render(request, "components/confirm.html", context)
