"""What technical administrators see of governance."""

from django.contrib import admin

from governance.models import Invitation, Mandate, Membership, Organisation, User, VariantPeriod
from nss_portal.core.admin_site import ReadOnlyAdmin


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Accounts, without passwords."""

    list_display = ["name", "email", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "is_demo"]
    search_fields = ["name", "email"]
    fields = ["name", "email", "language", "is_active", "is_staff", "date_joined", "last_login", "last_visit"]


@admin.register(Organisation)
class OrganisationAdmin(ReadOnlyAdmin):
    """Organisations."""

    list_display = ["name", "group", "duty", "code"]
    list_filter = ["group", "duty"]
    search_fields = ["name", "short_name", "code"]


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    """Memberships."""

    list_display = ["user", "organisation", "function", "is_lead", "valid_from", "valid_to"]
    list_filter = ["function", "is_lead"]
    list_select_related = ["user", "organisation"]
    search_fields = ["user__name", "user__email", "organisation__name"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Invitations, without their tokens."""

    list_display = ["email", "organisation", "function", "invited_at", "expires_at", "accepted_at"]
    list_select_related = ["organisation"]
    exclude = ["token_hash"]


@admin.register(Mandate)
class MandateAdmin(ReadOnlyAdmin):
    """Mandates."""

    list_display = ["organisation", "given_by", "given_at", "valid_to", "withdrawn_at"]


@admin.register(VariantPeriod)
class VariantPeriodAdmin(ReadOnlyAdmin):
    """Periods of variants."""

    list_display = ["variant", "coordinating_organisation", "valid_from", "valid_to"]
