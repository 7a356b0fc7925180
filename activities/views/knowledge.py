"""Knowledge products: the list, one of them, its form and files, publishing and withdrawing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from activities.filters.knowledge import ProductFilter
from activities.forms.knowledge import ProductForm
from activities.forms.lessons import FileForm, shown_link
from activities.models import KnowledgeProduct, Lesson, Programme
from activities.models.knowledge import PublishingState
from activities.presenting.knowledge import STATE_TONES, product_facts, product_rows
from activities.services import knowledge as services
from activities.workflow import PRODUCT
from cities.forms.reasons import ReasonForm
from cities.presenting import knows_people, transition_history
from cities.views.posting import posted
from governance.services.ownership import organisations_for
from nss_portal.core.access import NotAllowed, may, require
from nss_portal.core.conflicts import beside, sent_again
from nss_portal.core.editing import EditConflict
from nss_portal.core.files import files_of
from nss_portal.core.files.kinds import ending
from nss_portal.core.kept import KeptPart
from nss_portal.core.registry import product_sections
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

PER_PAGE = 50
# How many lessons and programmes a form offers besides those that were chosen.
OFFERED = 40
PLAIN = ("kind", "title", "summary", "url", "theme", "places", "version")


@require_safe
def product_list(request: HttpRequest) -> HttpResponse:
    """What one can take along, the newest first."""
    body = KeptPart(request, "products", lambda: _list_context(request))
    return render(request, "activities/product_list.html", {"body": body})


def _list_context(request: HttpRequest) -> dict[str, Any]:
    drafts_first = Case(When(state=PublishingState.DRAFT, then=Value(0)), default=Value(1))
    visible = KnowledgeProduct.objects.visible_to(request.user).listed()
    ordered = visible.order_by(drafts_first, "-published_at", "-pk").select_related("organisation", "theme")
    found = ProductFilter(request.GET, queryset=ordered, request=request)
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "filter": found,
        "page_obj": page,
        "rows": product_rows(page),
        "may_write": may(request.user, "knowledge_product", "change"),
    }


def _visible(request: HttpRequest, public_id: str) -> KnowledgeProduct:
    seen = KnowledgeProduct.objects.visible_to(request.user).select_related("organisation", "theme")
    return get_object_or_404(seen, public_id=public_id)


def _changeable(request: HttpRequest, public_id: str) -> KnowledgeProduct:
    product = _visible(request, public_id)
    require(request.user, "knowledge_product", "change", product)
    return product


@require_safe
def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One product: what it is, where one gets it, and where it is used."""
    product = _visible(request, public_id)
    body = KeptPart(request, "product", lambda: _record_context(request, product))
    return render(request, "activities/product.html", {"body": body, "product": product})


def _record_context(request: HttpRequest, product: KnowledgeProduct) -> dict[str, Any]:
    user = request.user
    may_change = may(user, "knowledge_product", "change", product)
    labels = {state.value: str(state.label) for state in PublishingState}
    sections = [section(user, product) for section in product_sections]
    return {
        "tone": STATE_TONES[PublishingState(product.state)],
        "facts": product_facts(product),
        "files": [{"file": one, "kind": ending(one.name).upper()} for one in files_of(product)],
        "roadmap_steps": list(product.steps.all()),
        "lessons": list(Lesson.objects.visible_to(user).listed().filter(products=product).order_by("title", "pk")),
        "programmes": list(Programme.objects.visible_to(user).filter(products=product).order_by("title", "pk")),
        "places": [shown_link(row) for row in product.places],
        "sections": [section for section in sections if section],
        "may_change": may_change,
        "moves": PRODUCT.open_steps(product) if may_change else [],
        "history": transition_history(product, labels, with_people=knows_people(user)) if may_change else [],
    }


def _form(request: HttpRequest, product: KnowledgeProduct | None, data: Any) -> ProductForm:
    user = request.user
    lessons = Lesson.objects.visible_to(user).published()
    programmes = Programme.objects.visible_to(user)
    newest = lessons.order_by("-published_at", "-pk").values_list("pk", flat=True)[:OFFERED]
    last = programmes.order_by("-pk").values_list("pk", flat=True)[:OFFERED]
    lesson_keys, programme_keys = set(newest), set(last)
    initial: dict[str, Any] = {}
    if product is not None:
        lesson_keys |= set(lessons.filter(products=product).values_list("pk", flat=True))
        programme_keys |= set(programmes.filter(products=product).values_list("pk", flat=True))
        initial = {name: getattr(product, name) for name in PLAIN}
        initial |= {name: getattr(product, name).all() for name in services.LINKED}
    return ProductForm(
        data,
        initial=initial,
        organisations=None if product else organisations_for(user, "knowledge_product", "change").order_by("name"),
        lessons=Lesson.objects.filter(pk__in=lesson_keys).order_by("title", "pk"),
        programmes=Programme.objects.filter(pk__in=programme_keys).order_by("title", "pk"),
    )


def new(request: HttpRequest) -> HttpResponse:
    """Describe a new product; its file comes after saving."""
    if not organisations_for(request.user, "knowledge_product", "change").exists():
        raise NotAllowed(_("Your organisation does not add knowledge products here."))
    form = _form(request, None, posted(request))
    if request.method == "POST" and form.is_valid():
        made = services.create_product(
            actor=request.user, organisation=form.cleaned_data["organisation"], product=form.product
        )
        messages.success(request, _("The draft is saved."))
        return redirect(made)
    return render(request, "activities/product_form.html", {"form": form, "product": None, "conflict": []})


def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a product; a colleague's change in between is shown beside it."""
    product = _changeable(request, public_id)
    form = _form(request, product, posted(request))
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            services.change_product(actor=request.user, record=product, version=version, product=form.product)
        except EditConflict as error:
            conflict = beside(form, error)
            form = _form(request, product, sent_again(request, error))
        else:
            messages.success(request, _("The product is saved."))
            return redirect(product)
    context = {"form": form, "product": product, "conflict": conflict}
    return render(request, "activities/product_form.html", context, status=409 if conflict else 200)


def add_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add the file that the product is."""
    product = _changeable(request, public_id)
    form = FileForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_product_file(actor=request.user, record=product, upload=form.cleaned_data["file"])
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, _("The file is added."))
            return redirect(product)
    return render(request, "activities/product_file.html", {"form": form, "product": product})


@require_POST
def remove_file(request: HttpRequest, public_id: str, file_id: str) -> HttpResponse:
    """Take a file away."""
    product = _changeable(request, public_id)
    stored = next((one for one in files_of(product) if one.public_id == file_id), None)
    if stored is None:
        raise Http404
    services.remove_product_file(actor=request.user, record=product, stored=stored)
    messages.success(request, _("The file is taken away."))
    return redirect(product)


def move(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Publish or withdraw a product, after asking."""
    product = _changeable(request, public_id)
    chosen = next((one for one in PRODUCT.open_steps(product) if one.name == step), None)
    if chosen is None:
        raise Http404
    form = ReasonForm(posted(request)) if chosen.needs_reason else None
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form else ""
        try:
            services.move_product(actor=request.user, record=product, step=step, reason=reason)
        except TransitionRefused as error:
            messages.error(request, str(error))
        return redirect("activities:product", public_id=product.public_id)
    what = {
        "publish": _("Everybody can find and open it, with the name of the organisation."),
        "withdraw": _("Nobody outside the own organisation, the editors and the coordination team sees it."),
    }
    return render(
        request,
        "components/confirm.html",
        {
            "title": chosen.label,
            "intro": product.title,
            "consequences": [what[step]],
            "form": form,
            "action": chosen.label,
            "back_url": product.get_absolute_url(),
            "danger": step == "withdraw",
        },
    )


def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a draft away, after asking."""
    product = _changeable(request, public_id)
    if product.state != PublishingState.DRAFT:
        raise Http404
    if request.method == "POST":
        services.discard_product(actor=request.user, record=product)
        messages.success(request, _("The draft is thrown away."))
        return redirect("activities:products")
    context = {
        "title": _("Throw this draft away?"),
        "intro": product.title,
        "consequences": [_("The draft and its files are gone for good.")],
        "form": None,
        "action": _("Throw the draft away"),
        "back_url": product.get_absolute_url(),
        "danger": True,
    }
    return render(request, "components/confirm.html", context)
