"""Login is required by default; public views are one list."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from nss_portal.core.held_forms import hold

# Names of views that a visitor may open. A test pins this list: whoever adds a line means it.
PUBLIC_VIEWS: frozenset[str] = frozenset(
    {
        "accessibility",
        "account_inactive",
        "account_login",
        "account_logout",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "activities:activity",
        "activities:activity_short",
        "activities:agenda",
        "activities:period",
        "activities:period_version",
        "activities:periods",
        "activities:desk",
        "activities:desk_ask",
        "activities:desk_asked",
        "activities:desk_directory",
        "activities:desk_directory_csv",
        "activities:desk_calls",
        "activities:desk_entry",
        "activities:desk_link",
        "activities:desk_link_step",
        "activities:desk_question",
        "activities:desk_questions",
        "activities:desk_suggest",
        "activities:desk_times",
        "activities:lesson",
        "activities:lesson_versions",
        "activities:lessons",
        "activities:pilot",
        "activities:pilots",
        "activities:pilots_for",
        "activities:programme",
        "activities:programme_covenant",
        "activities:programme_short",
        "activities:publication",
        "activities:lessons_csv",
        "activities:news",
        "activities:news_item",
        "activities:product",
        "activities:products",
        "activities:year",
        "activities:year_now",
        "activities:programmes",
        "cities:bottleneck",
        "cities:bottleneck_themes",
        "cities:bottleneck_themes_download",
        "cities:bottlenecks",
        "cities:bottlenecks_csv",
        "cities:bottlenecks_xlsx",
        "cities:compare",
        "cities:compare_csv",
        "cities:eoi",
        "cities:eoi_analysis",
        "cities:eoi_analysis_file",
        "cities:eoi_call",
        "cities:eoi_option",
        "cities:eoi_words",
        "cities:municipalities",
        "cities:municipalities_csv",
        "cities:municipality",
        "cities:proposition",
        "cities:propositions",
        "cities:request_link",
        "cities:request_received",
        "cities:roadmap",
        "cities:roadmap_city",
        "cities:roadmap_similar",
        "cities:roadmap_similar_mine",
        "cities:roadmap_step",
        "cities:signal",
        "cities:signal_times",
        "cities:signals",
        "cities:signals_csv",
        "cities:signals_xlsx",
        "cities:take_part",
        "cities:take_part_for",
        "components",
        "components_confirm",
        "contracts:country",
        "contracts:detail",
        "contracts:emissions",
        "contracts:emissions_compare",
        "contracts:emissions_compare_csv",
        "contracts:emissions_csv",
        "contracts:emissions_xlsx",
        "contracts:indicator",
        "contracts:indicators",
        "contracts:indicators_csv",
        "contracts:list",
        "contracts:measure",
        "contracts:measures",
        "contracts:measures_xlsx",
        "contracts:list_csv",
        "contracts:pathway",
        "contracts:pathway_case",
        "contracts:reflection",
        "contracts:review",
        "contracts:scenario",
        "contracts:scenarios",
        "contracts:standard",
        "contracts:standard_changes",
        "contracts:standard_json",
        "contracts:standard_version",
        "contracts:standard_versions",
        "contracts:standard_xlsx",
        "contracts:content",
        "contracts:section",
        "contracts:table",
        "contracts:table_xlsx",
        "contracts:version_json",
        "contracts:version_xlsx",
        "contracts:demand",
        "contracts:demand_item",
        "contracts:version",
        "contracts:version_comparison",
        "contracts:version_comparison_start",
        "contracts:version_data",
        "demo_mailbox",
        "demo_message",
        "governance:assessment",
        "governance:assessment_link",
        "governance:assessment_link_autosave",
        "governance:assessment_link_receipt",
        "governance:assessments",
        "governance:bodies",
        "governance:body",
        "governance:contribution",
        "governance:contributions",
        "governance:contributions_csv",
        "governance:contributions_xlsx",
        "governance:decision",
        "governance:decisions",
        "governance:decisions_csv",
        "governance:ecosystem",
        "governance:evaluation",
        "governance:index",
        "governance:meeting",
        "governance:organisation",
        "governance:organisation_short",
        "governance:organisations",
        "governance:alignment",
        "governance:choices",
        "governance:countries",
        "governance:ministries",
        "governance:position",
        "governance:sign_up",
        "governance:sign_up_link",
        "governance:sign_up_received",
        "governance:variant_proposal",
        "governance:variants",
        "healthz",
        "home",
        "invitation",
        "kind_feed",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "openid_connect_callback",
        "openid_connect_login",
        "organisation_logged_out",
        "organisation_newcomer",
        "personal_feed",
        "privacy",
        "privacy_copy_link",
        "privacy_terms",
        "public_feed",
        "reports:check",
        "reports:detail",
        "reports:file",
        "reports:list",
        "stored_file",
    }
)
# Whole parts that are public: the pages that only exist in demo mode, and a party's part of a review behind its
# personal link, which is the right itself.
PUBLIC_NAMESPACES: frozenset[str] = frozenset({"demo", "review_link"})


def is_public(view_name: str) -> bool:
    """Say whether a visitor may open the view of this name ('home', 'demo:index')."""
    namespace = view_name.partition(":")[0] if ":" in view_name else ""
    return view_name in PUBLIC_VIEWS or namespace in PUBLIC_NAMESPACES


class LoginRequiredMiddleware(DjangoLoginRequiredMiddleware):
    """Send a visitor to the login, except on the public views.

    What a library marks as public (`login_not_required`) is not public here: only the list counts.
    """

    def get_login_url(self, view_func: Callable[..., HttpResponseBase]) -> str:
        """There is one login; what a library names as its own is not used."""
        return str(settings.LOGIN_URL)

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if request.user.is_authenticated or (match is not None and is_public(match.view_name)):
            return None
        if request.headers.get("X-Requested-With") == "autosave":
            text = _("You are logged out, so this is not saved. Log in in another tab, then type on here.")
            return JsonResponse({"message": text}, status=401)
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=401)  # the login does not belong inside a page
        if hold(request):
            messages.info(request, _("You were logged out. What you filled in is kept: log in, then send it."))
            return redirect_to_login(reverse("held_form"), str(settings.LOGIN_URL))
        return self.handle_no_permission(request, view_func)
