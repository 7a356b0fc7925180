"""Going through a proposed version: an overview, one section a screen, and what all cities said."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.models import Activity, ReflectionSubject
from activities.models.activity_parts import SubjectKind
from cities.models import Municipality
from cities.models.involvement import Level
from contracts.forms.standard_going import GoingForm
from contracts.models import GoingThrough, StandardSection, StandardVersion
from contracts.models.standard import StandardState
from contracts.models.standard_change import Verdict
from contracts.rules_standard import reads_open
from contracts.services.errors import Refused
from contracts.services.standard.going import save_answer
from contracts.views.standard import find_standard
from governance.models import Organisation
from governance.models.organisation import Group
from governance.services.ownership import organisations_for
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.kept import KeptPart
from nss_portal.core.markdown import rendered
from nss_portal.core.rendering import render

TONES = {Verdict.WORKS: "good", Verdict.CHANGES: "attention", Verdict.NOT: "bad"}


def _mine(request: HttpRequest) -> Organisation | None:
    """Give the municipality in whose name the person goes through a version."""
    found = organisations_for(request.user, "contract_standard", "comment").filter(group=Group.MUNICIPALITY)
    asked = request.GET.get("gemeente") or request.POST.get("organisation")
    return (found.filter(public_id=asked).first() if asked else None) or found.order_by("name").first()


def _answers(version: StandardVersion, organisation: Organisation) -> dict[str, GoingThrough]:
    rows = GoingThrough.objects.filter(version=version, organisation=organisation)
    return {row.code: row for row in rows}


def overview(request: HttpRequest, number: int) -> HttpResponse:
    """All sections with what the own city said, and where to go on."""
    version = find_standard(request, number)
    organisation = _mine(request)
    if organisation is None or version.state == StandardState.PUBLISHED:
        if reads_open(request.user):
            return redirect("contracts:standard_outcome", number)
        raise NotAllowed(_("Municipalities go through a version; others can comment on its parts."))
    answers = _answers(version, organisation)
    sections = list(version.sections.order_by("order", "pk"))
    rows = [_row(one, answers.get(one.code)) for one in sections]
    done = sum(row["done"] for row in rows)
    context = {
        "version": version,
        "organisation": organisation,
        "rows": rows,
        "done": done,
        "total": len(rows),
        "next": next((row["section"] for row in rows if not row["done"]), None),
        "sessions": _sessions(request, version),
        "is_open": version.state == StandardState.PROPOSED,
    }
    return render(request, "contracts/standard/going.html", context)


def _row(section: StandardSection, answer: GoingThrough | None) -> dict[str, Any]:
    verdict = answer.verdict if answer else ""
    outdated = bool(answer and verdict and answer.seen != section.revision)
    return {
        "section": section,
        "answer": answer,
        "tone": TONES.get(Verdict(verdict), "") if verdict else "",
        "outdated": outdated,
        "done": bool(verdict) and not outdated,
    }


def _sessions(request: HttpRequest, version: StandardVersion) -> list[Activity]:
    """Give the reflection sessions that the person sees which look at this version."""
    subjects = ReflectionSubject.objects.filter(
        kind=SubjectKind.STANDARD, url__contains=f"/aanpak/versies/{version.number}/"
    )
    return list(
        Activity.objects.visible_to(request.user).filter(pk__in=subjects.values("activity")).order_by("pk")[:5]
    )


def section(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """One section: its text, and what the city says of it."""
    version = find_standard(request, number)
    organisation = _mine(request)
    sections = list(version.sections.order_by("order", "pk"))
    place = next((i for i, one in enumerate(sections) if one.code == code), None)
    if place is None:
        raise Http404
    if organisation is None:
        raise NotAllowed(_("Municipalities go through a version; others can comment on its parts."))
    if version.state != StandardState.PROPOSED:
        messages.info(request, _("This version is not open for going through at present."))
        return redirect(version)
    current = sections[place]
    answer = _answers(version, organisation).get(code)
    form = _form(request, organisation, answer)
    status, conflict = 200, []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            later = request.POST.get("then") == "later"
            try:
                _save(request, version, organisation, current, form, final=not later)
            except EditConflict as error:
                theirs: Any = error.record
                conflict, status = _beside(form, theirs), 409
                data = request.POST.copy()
                data["version"] = str(theirs.revision)
                form = GoingForm(data)
            except Refused as error:
                form.add_error("text" if form.cleaned_data["verdict"] else "verdict", str(error))
            else:
                if later or place + 1 == len(sections):
                    return redirect("contracts:standard_going", number)
                return redirect("contracts:standard_going_section", number, sections[place + 1].code)
    context = {
        "version": version,
        "organisation": organisation,
        "section": current,
        "guidance": rendered(current.guidance, heading=3),
        "row": _row(current, answer),
        "form": form,
        "conflict": conflict,
        "place": place + 1,
        "total": len(sections),
        "before": sections[place - 1] if place else None,
        "saved_at": answer.changed_at if answer else None,
        "who": answer.changed_by_label if answer else "",
    }
    return render(request, "contracts/standard/going_section.html", context, status=status)


def _form(request: HttpRequest, organisation: Organisation, answer: GoingThrough | None) -> GoingForm:
    initial: dict[str, Any] = {"version": 0, "organisation": organisation.public_id}
    if answer:
        initial |= {"verdict": answer.verdict, "text": answer.text, "version": answer.revision}
    return GoingForm(request.POST if request.method == "POST" else None, initial=initial)


def _save(
    request: HttpRequest,
    version: StandardVersion,
    organisation: Organisation,
    current: StandardSection,
    form: GoingForm,
    *,
    final: bool,
) -> GoingThrough:
    values = form.cleaned_data
    return save_answer(
        actor=request.user,
        version=version,
        organisation=organisation,
        section=current,
        verdict=values["verdict"],
        text=values["text"],
        revision=values["version"] or 0,
        final=final,
    )


def _beside(form: GoingForm, theirs: GoingThrough) -> list[dict[str, Any]]:
    labels = dict(Verdict.choices)
    mine = form.cleaned_data
    rows = [
        (form.fields["verdict"].label, labels.get(mine["verdict"], "–"), labels.get(theirs.verdict, "–")),
        (form.fields["text"].label, mine["text"], theirs.text),
    ]
    return [{"label": label, "mine": own, "theirs": other} for label, own, other in rows if own != other]


@require_POST
def autosave(request: HttpRequest, number: int, code: str) -> JsonResponse:
    """Keep an answer while somebody types. Answers with the time, or 409 with what to do."""
    version = find_standard(request, number)
    organisation = _mine(request)
    current = version.sections.filter(code=code).first()
    if current is None or organisation is None:
        raise Http404
    form = GoingForm(request.POST)
    if not form.is_valid():
        text = _("Not saved by itself. Save the form to see what is asked.")
        return JsonResponse({"message": text}, status=422)
    try:
        answer = _save(request, version, organisation, current, form, final=False)
    except EditConflict:
        text = _("A colleague changed this in the meantime. Save to see both texts.")
        return JsonResponse({"message": text}, status=409)
    except Refused as error:
        return JsonResponse({"message": str(error)}, status=409)
    return JsonResponse({"saved_at": timezone.localtime().strftime("%H.%M"), "version": answer.revision})


def outcome(request: HttpRequest, number: int) -> HttpResponse:
    """What all cities said, section by section; for who reads open versions."""
    version = find_standard(request, number)
    if not reads_open(request.user):
        raise Http404
    body = KeptPart(request, "standard_outcome", lambda: _outcome_context(version))
    return render(request, "contracts/standard/outcome.html", {"version": version, "body": body})


def _outcome_context(version: StandardVersion) -> dict[str, Any]:
    sections = list(version.sections.order_by("order", "pk"))
    rows = GoingThrough.objects.filter(version=version).exclude(verdict="").select_related("organisation")
    answers = list(rows.order_by("organisation__name"))
    levels: Any = Municipality.objects.with_level()
    level_of = dict(
        levels.filter(organisation__in={row.organisation_id for row in answers}).values_list(
            "organisation", "level"
        )
    )
    labels = dict(Level.choices)
    parts = []
    for one in sections:
        said = [row for row in answers if row.code == one.code]
        counts = Counter(row.verdict for row in said)
        parts.append(
            {
                "section": one,
                "counts": [
                    (Verdict(v).label, counts[v], TONES[Verdict(v)] if counts[v] else "quiet")
                    for v in Verdict.values
                ],
                "said": [
                    {
                        "answer": row,
                        "tone": TONES[Verdict(row.verdict)],
                        "level": labels.get(level_of.get(row.organisation_id, ""), ""),
                        "outdated": row.seen != one.revision,
                    }
                    for row in said
                    if row.text or row.verdict != Verdict.WORKS
                ],
            }
        )
    cities = {row.organisation_id for row in answers}
    whole = Counter(row.organisation_id for row in answers)
    return {
        "parts": parts,
        "cities": len(cities),
        "finished": sum(number == len(sections) for number in whole.values()),
        "total": len(sections),
    }
