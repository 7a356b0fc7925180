"""Proposals to change the approach: all of them, a new one, one with what is said of it, and the decision."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contracts.forms.standard import CommentForm
from contracts.forms.standard_changes import ITEM_FORMS, DecideForm, WhyForm
from contracts.models import ReviewRound, StandardChange, StandardComment, StandardVersion
from contracts.models.review import RoundState
from contracts.models.standard import DUTCH
from contracts.models.standard_change import ChangeAct, ChangeState
from contracts.presenting.standard import KINDS, PATHS, item_url
from contracts.presenting.standard_changes import causes_of, change_rows, fields_of, tone_of_change
from contracts.rules_standard import proposes
from contracts.selectors import standard as selectors
from contracts.selectors.review import visible_contracts
from contracts.services.errors import Refused
from contracts.services.standard import changes as services
from contracts.services.standard.comments import comment, take_back
from contracts.services.standard.versions import ITEMS, require_keeper
from contracts.views.standard import find_standard
from governance.services.ownership import organisations_for
from nss_portal.core.access import NotAllowed, standing_of
from nss_portal.core.kept import kept_part
from nss_portal.core.rendering import render

PER_PAGE = 50
# What a proposal can come from, in the address.
CARRIED = ("reflectie", "regel", "les", "knelpunt")


def change_list(request: HttpRequest) -> HttpResponse:
    """The proposals that the person sees, open ones unless asked otherwise."""
    body = kept_part(request, "contracts/includes/change_list.html", lambda: _change_list_context(request))
    return render(request, "contracts/standard/change_list.html", {"body": body})


def _change_list_context(request: HttpRequest) -> dict[str, Any]:
    state = request.GET.get("stand", "open")
    found = selectors.changes_for(request.user)
    if state in ChangeState.values:
        found = found.filter(state=state)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    current = selectors.version_to_change(request.user)
    titles = _titles(current) if current else {}
    return {
        "rows": change_rows(page, titles),
        "page_obj": page,
        "state": state,
        "states": [*ChangeState.choices, ("alle", _("all"))],
        "may_propose": current is not None and _voices(request).exists(),
    }


def _titles(version: StandardVersion) -> dict[tuple[str, str], str]:
    return {(kind, item.code): item.title for kind, items in selectors.items_of(version).items() for item in items}


def _voices(request: HttpRequest) -> Any:
    return organisations_for(request.user, "contract_standard", "comment")


def new_change(request: HttpRequest) -> HttpResponse:
    """Choose what a proposal is about, then write it."""
    version = selectors.version_to_change(request.user)
    if version is None:
        raise Http404
    voices = _voices(request)
    if not voices.exists():
        raise NotAllowed(_("Proposals are made in the name of an organisation. You are in none at present."))
    carried = {name: request.GET[name] for name in CARRIED if request.GET.get(name)}
    kind, code = KINDS.get(request.GET.get("soort", "")), request.GET.get("code", "")
    if kind is None:
        context = {
            "version": version,
            "parts": _parts(version, carried),
            "new": [(kind, _new_url(kind, "", carried)) for kind in PATHS],
            "carried": carried,
        }
        return render(request, "contracts/standard/change_choose.html", context)
    item = services.item_in(version, kind, code) if code else None
    if code and item is None:
        raise Http404
    return _write(request, version, kind, item, voices)


def _new_url(kind: str, code: str, carried: Mapping[str, str]) -> str:
    query = {"soort": PATHS[kind], **({"code": code} if code else {}), **carried}
    return f"{reverse('contracts:standard_change_new')}?{urlencode(query)}"


def _parts(version: StandardVersion, carried: Mapping[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (kind, [(item.title, _new_url(kind, item.code, carried)) for item in items])
        for kind, items in selectors.items_of(version).items()
    ]


def _write(request: HttpRequest, version: StandardVersion, kind: str, item: Any, voices: Any) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    drops = posted is not None and "drop" in posted and item is not None
    why = WhyForm(posted, organisations=voices, actor=request.user, initial={"links": _links(request)})
    form = ITEM_FORMS[kind](posted, instance=ITEMS[kind](**item.values()) if item else None, prefix="deel")
    round, evidence = _evidence(request)
    # Both are looked at, so that all faults show at once.
    if posted is not None and all([why.is_valid(), drops or form.is_valid()]):
        act = ChangeAct.DROP if drops else ChangeAct.CHANGE if item else ChangeAct.ADD
        try:
            change = services.propose_change(
                actor=request.user,
                version=version,
                organisation=why.cleaned_data["organisation"],
                act=act,
                kind=kind,
                code=item.code if item else "",
                title=why.cleaned_data["title"],
                reason=why.cleaned_data["reason"],
                values={} if drops else form.cleaned_data,
                lessons=why.lessons,
                bottlenecks=why.bottlenecks,
                round=round,
                evidence=evidence,
            )
        except (Refused, ValidationError) as error:
            why.add_error(None, str(error) if isinstance(error, Refused) else error.messages)
        else:
            messages.success(request, _("The proposal is there. The coordination team decides on it."))
            return redirect(change)
    context = {
        "version": version,
        "item": item,
        "kind": kind,
        "why": why,
        "form": form,
        "evidence": evidence,
        "main": [field for field in form if not field.name.endswith("_en")],
        "english": [field for field in form if field.name.endswith("_en")],
    }
    return render(request, "contracts/standard/change_form.html", context)


def _links(request: HttpRequest) -> str:
    """Give the addresses that a proposal begins with: the page that somebody came from."""
    paths = {"les": "/lessen/", "knelpunt": "/knelpunten/"}
    return "\n".join(f"{path}{request.GET[name]}/" for name, path in paths.items() if request.GET.get(name))


def _evidence(request: HttpRequest) -> tuple[ReviewRound | None, list[dict[str, str]]]:
    """Give the closed round and the answer in its reflection that a proposal comes from, if the person sees it."""
    year = request.GET.get("reflectie", "")
    if not year.isdecimal() or len(year) != 4:
        return None, []
    round = ReviewRound.objects.filter(year=int(year), state=RoundState.CLOSED, reflection__isnull=False).first()
    if round is None:
        return None, []
    listed, _dash, number = request.GET.get("regel", "").partition("-")
    rows = (round.reflection or {}).get(listed, {}) if listed in ("setbacks", "ahead") else {}
    named = rows.get("named", [])
    if not number.isdecimal() or len(number) > 3 or int(number) >= len(named):
        return round, []
    row = named[int(number)]
    if row["at"] not in visible_contracts(round, request.user):
        return round, []
    told = {
        "label": f"{row['contract']}: {row['title']}",
        "text": " ".join(filter(None, [row.get("reason"), row.get("learned")])),
        "url": reverse("contracts:review", args=[row["at"], round.year]),
        "contract": row["at"],
    }
    return round, [told]


def find_change(request: HttpRequest, public_id: str) -> StandardChange:
    """Give a proposal that the person sees; raises Http404."""
    found: StandardChange = get_object_or_404(selectors.changes_for(request.user), public_id=public_id)
    return found


def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One proposal: what changes, why, what is said of it, and what became of it."""
    change = find_change(request, public_id)
    form = _comment_form(request)
    sent = request.method == "POST" and form is not None and form.is_valid()
    if sent and form is not None and _say(request, form, change.version, change.kind, change.code, change):
        return redirect(f"{change.get_absolute_url()}#gesprek")
    base = _open_version() or change.version
    item = services.item_in(base, change.kind, change.code)
    context = {
        "change": change,
        "tone": tone_of_change(change),
        "fields": fields_of(change, item),
        "causes": causes_of([change], request.user)[change.pk],
        "item": item,
        "item_url": item_url(change.version, change.kind, change.code) if item else "",
        "comments": _comments(request).filter(change=change),
        "form": form,
        "may_decide": change.state == ChangeState.OPEN and proposes(request.user),
        "may_withdraw": change.state == ChangeState.OPEN
        and change.organisation_id in standing_of(request.user).organisations,
        "open_version": _open_version(),
    }
    return render(request, "contracts/standard/change.html", context)


def _comments(request: HttpRequest) -> Any:
    return (
        StandardComment.objects.visible_to(request.user)
        .select_related("organisation")
        .order_by("created_at", "pk")
    )


def _comment_form(request: HttpRequest) -> CommentForm | None:
    voices = _voices(request)
    if not voices.exists():
        return None
    return CommentForm(request.POST if request.method == "POST" else None, organisations=voices)


def _say(
    request: HttpRequest, form: CommentForm, version: StandardVersion, kind: str, code: str, change: Any = None
) -> bool:
    try:
        comment(
            actor=request.user,
            version=version,
            kind=kind,
            code=code,
            change=change,
            organisation=form.cleaned_data["organisation"],
            text=form.cleaned_data["text"],
        )
    except Refused as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Said."))
    return True


def item(request: HttpRequest, number: int, path: str, code: str) -> HttpResponse:
    """A part of a version, with what is said of it and the proposals about it."""
    version = find_standard(request, number)
    kind = KINDS.get(path)
    found = services.item_in(version, kind, code) if kind else None
    if kind is None or found is None:
        raise Http404
    form = _comment_form(request)
    if (
        request.method == "POST"
        and form is not None
        and form.is_valid()
        and _say(request, form, version, kind, code)
    ):
        return redirect(f"{item_url(version, kind, code)}#gesprek")
    about = selectors.changes_for(request.user).filter(kind=kind, code=code)
    context = {
        "version": version,
        "item": found,
        "kind": kind,
        "comments": _comments(request).filter(version=version, kind=kind, code=code, change=None),
        "changes": change_rows(about[:PER_PAGE], {}),
        "form": form,
        "new_url": _new_url(kind, code, {}),
        "mine": request.user.pk,
    }
    return render(request, "contracts/standard/item.html", context)


@require_POST
def comment_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what one said."""
    seen = StandardComment.objects.visible_to(request.user).select_related("version", "change")
    said = get_object_or_404(seen, pk=pk)
    url = said.change.get_absolute_url() if said.change else item_url(said.version, said.kind, said.code)
    take_back(said=said, actor=request.user)
    messages.success(request, _("Taken back."))
    return redirect(f"{url}#gesprek")


def _open_version() -> StandardVersion | None:
    return StandardVersion.objects.open().filter(standard__code=DUTCH).first()


def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a proposal over, as it is or adjusted, or say why not."""
    change = find_change(request, public_id)
    require_keeper(request.user)
    if change.state != ChangeState.OPEN:
        messages.info(request, _("This proposal is decided already."))
        return redirect(change)
    into = _open_version()
    item = services.item_in(into, change.kind, change.code) if into else None
    posted = request.POST if request.method == "POST" else None
    answer = DecideForm(
        posted, initial={"into": into.pk if into else None, "revision": item.revision if item else 0}
    )
    form = _final_form(posted, change, item) if into and change.act != ChangeAct.DROP else None
    if posted is not None and answer.is_valid() and _decided(request, change, into, answer, form):
        return redirect(change)
    if posted is not None and item is not None:
        # What is shown now is the part as it is now.
        data = posted.copy()
        data["revision"] = str(item.revision)
        kept = answer.errors
        answer = DecideForm(data)
        answer.is_valid()
        answer.errors.update(kept)
    context = {
        "change": change,
        "into": into,
        "item": item,
        "fields": fields_of(change, item),
        "answer": answer,
        "form": form,
        "causes": causes_of([change], request.user)[change.pk],
    }
    return render(request, "contracts/standard/change_decide.html", context)


def _final_form(posted: Any, change: StandardChange, item: Any) -> Any:
    """Give the part as it would become: as it is now, with what the proposal changes."""
    kind = change.kind
    values = {**(item.values() if item else {}), **services.read_values(kind, change.texts)}
    form = ITEM_FORMS[kind](posted, instance=ITEMS[kind](**values), prefix="deel")
    for name in list(form.fields):
        if name not in change.texts:
            del form.fields[name]
    return form


def _decided(request: HttpRequest, change: StandardChange, into: Any, answer: DecideForm, form: Any) -> bool:
    values = answer.cleaned_data
    try:
        if "decline" in request.POST:
            services.decline_change(change=change, actor=request.user, answer=values["answer"])
            messages.success(request, _("The proposal is not taken over; whoever made it reads why."))
            return True
        if into is None:
            raise Refused(_("There is no version to take it into. Start the next version first."))
        if form is not None and not form.is_valid():
            return False
        services.take_change(
            change=change,
            actor=request.user,
            into=into,
            revision=values["revision"] or 0,
            values=form.cleaned_data if form else {},
            answer=values["answer"],
        )
    except (Refused, ValidationError) as error:
        answer.add_error(None, str(error) if isinstance(error, Refused) else error.messages)
        return False
    messages.success(request, _("Taken over into version %(number)d.") % {"number": into.number})
    return True


@require_POST
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take one's own proposal back."""
    change = find_change(request, public_id)
    try:
        services.withdraw_change(change=change, actor=request.user)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The proposal is taken back."))
    return redirect(change)
