"""Who signs a version: the overview, signing itself, and what a lead does around it."""

from collections.abc import Callable
from typing import Any, cast

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cities.presenting import knows_people
from contracts.forms.signing import (
    InviteForm,
    JoinForm,
    OwnWithdrawForm,
    PaperForm,
    SignatureForm,
    WithdrawForm,
)
from contracts.models import ContractVersion, PaperSigning, Signature
from contracts.models.version import VersionState
from contracts.pages import frozen_parts_of
from contracts.presenting.signing import signing_of
from contracts.services.errors import Refused
from contracts.services.signing import giving, inviting
from contracts.services.signing.rows import Replaced, ensure_rows, require_in_force, signing_for
from contracts.views.access import find_version
from governance.accounts.second_factor import NotConfirmed, passkey_challenge
from governance.models import User
from nss_portal.core import files
from nss_portal.core.access import NotAllowed, may, require
from nss_portal.core.files.scanner import is_configured
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

Done = Callable[..., object]


def overview(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Who signed a version, who has not yet; a lead works on it from here."""
    version = find_version(request, public_id, number)
    contract: Any = version.contract
    leads = contract.may_adopt and version.is_in_force
    if leads:
        ensure_rows(version)
    mine = signing_for(request.user)
    papers = list(PaperSigning.objects.visible_to(request.user).filter(version=version))
    signing = signing_of(version, with_names=knows_people(request.user), with_invited=leads)
    context = {
        "contract": contract,
        "version": version,
        "signing": signing,
        "leads": leads,
        "may_conclude": leads and version.state == VersionState.ADOPTED,
        "may_join": leads and version.state != VersionState.ADOPTED,
        "mine": [row for row in signing.open if row.signature.organisation_id in mine] if mine else [],
        "own": [row for row in signing.standing if row.signature.organisation_id in mine]
        if mine and version.is_in_force
        else [],
        "papers": [(paper, files.files_of(paper)) for paper in papers],
    }
    return render(request, "contracts/signing/overview.html", context)


def _signature(request: HttpRequest, public_id: str, number: int, signature_id: str) -> Signature:
    """Give a signature of a version that the person sees, whatever became of the version."""
    version = find_version(request, public_id, number)
    return _of(version, signature_id)


def _of(version: ContractVersion, signature_id: str) -> Signature:
    found = Signature.objects.select_related("organisation")
    signature = get_object_or_404(found, public_id=signature_id, version=version)
    signature.version = version
    return signature


@never_cache
def sign(request: HttpRequest, public_id: str, number: int, signature_id: str) -> HttpResponse:
    """Let a signatory read what is signed, with its hash, and sign it."""
    signature = _signature(request, public_id, number, signature_id)
    version, user = signature.version, cast(User, request.user)
    require(user, "contract", "sign", version.contract)
    if signature.organisation_id not in signing_for(user):
        raise NotAllowed(_("You sign for your own organisation only."))
    initial = {"digest": version.digest, "position": _position(user, signature)}
    form = SignatureForm(request.POST or None, initial=initial, with_code=settings.NSS_SECOND_FACTOR)
    problem, successor = _problem(signature)
    if request.method == "POST" and form.is_valid():
        try:
            _give(form, signature, user)
        except Replaced as error:
            problem, successor = str(error), error.successor
        except NotConfirmed as error:
            form.add_error("code", str(error))
        except (Refused, TransitionRefused, ValidationError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("You signed for {party}. Thank you.").format(party=signature.label))
            return redirect("contracts:signing", public_id, number)
    seen = ContractVersion.objects.visible_to(user)
    context = {
        "contract": version.contract,
        "version": version,
        "signature": signature,
        "parts": frozen_parts_of(version, {}),
        "form": form if signature.is_open and not problem else None,
        "problem": problem,
        "successor": seen.filter(pk=successor.pk).select_related("contract").first() if successor else None,
        "is_demo": not settings.NSS_SECOND_FACTOR,
        **_second_step(user),
    }
    return render(request, "contracts/signing/sign.html", context, status=409 if request.POST and problem else 200)


def _second_step(user: User) -> dict[str, object]:
    """Give what the page needs to ask for a second factor: a fresh challenge for whoever has a passkey."""
    if not settings.NSS_SECOND_FACTOR:
        return {"must_set_up": False, "challenge": None}
    return {"must_set_up": not is_mfa_enabled(user), "challenge": passkey_challenge(user)}


def _problem(signature: Signature) -> tuple[str, ContractVersion | None]:
    """Say why a version cannot be signed any more, and which one took its place; '' when it can."""
    try:
        require_in_force(signature.version)
    except Replaced as error:
        return str(error), error.successor
    except Refused as error:
        return str(error), None
    return "", None


def _give(form: SignatureForm, signature: Signature, user: User) -> None:
    values = form.cleaned_data
    giving.sign(
        signature=signature,
        actor=user,
        digest=values["digest"],
        position=values["position"],
        code=values.get("code", ""),
        passkey=values.get("credential", ""),
    )


def _position(user: User, signature: Signature) -> str:
    held = user.memberships.filter(organisation=signature.organisation_id, function="signatory")
    return held.values_list("position", flat=True).first() or ""


def _led(request: HttpRequest, public_id: str, number: int) -> ContractVersion:
    """Give a version of which the person leads the signing; raises Http404 and NotAllowed."""
    version = find_version(request, public_id, number)
    require(request.user, "contract", "adopt", version.contract)
    return version


def _step(
    request: HttpRequest,
    version: ContractVersion,
    form: Form,
    words: dict[str, Any],
    done: str,
    take: Done,
) -> HttpResponse:
    """Show the form of one step, take it, and go back to the overview; what was typed stays when it is refused."""
    if request.method == "POST" and form.is_valid():
        try:
            take(**form.cleaned_data)
        except NotConfirmed as error:
            form.add_error("code", str(error))
        except (Refused, TransitionRefused) as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            form.add_error("scan" if "scan" in form.fields else None, error.messages)
        else:
            messages.success(request, done)
            return redirect("contracts:signing", version.contract.public_id, version.number)
    asks = "code" in form.fields
    challenge = passkey_challenge(cast(User, request.user)) if asks else None
    context = {"contract": version.contract, "version": version, "form": form, "challenge": challenge, **words}
    return render(request, "contracts/signing/step.html", context)


def invite(request: HttpRequest, public_id: str, number: int, signature_id: str) -> HttpResponse:
    """Ask somebody to sign for a party."""
    version = _led(request, public_id, number)
    signature = _of(version, signature_id)
    people = list(inviting.signatories_of(signature.organisation, request.user))
    choices = [(str(held.user_id), _named(held)) for held in people]
    user = cast(User, request.user)

    def take(person: str = "", email: str = "") -> None:
        chosen = next((held.user for held in people if str(held.user_id) == person), None)
        inviting.invite(signature=signature, actor=user, user=chosen, email=email)

    can_join = signature.organisation is not None and may(user, "account", "invite", signature.organisation)
    words = {
        "title": _("Ask for the signature of %(party)s") % {"party": signature.label},
        "lines": [
            _("The mail leads to this version and names its hash.")
            if signature.organisation
            else _("The mail names this version and its hash, and says that the signature goes on paper."),
            _("Whoever has no account yet gets an invitation for one.")
            if can_join
            else _("Signing takes an account that signs for this party; who manages its accounts gives that.")
            if signature.organisation
            else _("This party is not in the portal. Bring the paper, and record it here once it is signed."),
        ],
        "action": _("Ask by mail"),
    }
    form = InviteForm(request.POST or None, people=choices)
    return _step(request, version, form, words, _("The mail is on its way."), take)


def _named(held: Any) -> str:
    return f"{held.user}, {held.position}" if held.position else str(held.user)


def paper(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Record what was signed on paper."""
    version = _led(request, public_id, number)
    ensure_rows(version)
    form = PaperForm(request.POST or None, request.FILES or None, version=version)
    user = cast(User, request.user)

    def take(parties: Any, **values: Any) -> None:
        giving.record_paper(version=version, signatures=list(parties), actor=user, **values)

    words = {
        "title": _("Record signatures on paper"),
        "lines": [
            _("One scan for all who signed the same paper. It is kept with a hash and never changes."),
            _("Files are checked for viruses.")
            if is_configured()
            else _("Files are not checked for viruses: there is no scanner. Their kind and content are checked."),
        ],
        "action": _("Record"),
    }
    return _step(request, version, form, words, _("The signatures are recorded."), take)


def withdraw(request: HttpRequest, public_id: str, number: int, signature_id: str) -> HttpResponse:
    """Record that a party withdraws."""
    version = _led(request, public_id, number)
    signature = _of(version, signature_id)
    form = WithdrawForm(request.POST or None)
    user = cast(User, request.user)
    words = {
        "title": _("Record that %(party)s withdraws") % {"party": signature.label},
        "lines": [
            _("The day and the reason stand on the contract's page and on the cover of its PDF."),
            _("What was signed stays as it was. The party can sign again later."),
        ],
        "action": _("Record the withdrawal"),
        "danger": True,
    }

    def take(**values: Any) -> None:
        giving.withdraw(signature=signature, actor=user, **values)

    return _step(request, version, form, words, _("The withdrawal is recorded."), take)


@never_cache
def withdraw_own(request: HttpRequest, public_id: str, number: int, signature_id: str) -> HttpResponse:
    """Let a signatory withdraw for the own organisation, with the reason, confirmed as a signature is."""
    signature = _signature(request, public_id, number, signature_id)
    user = cast(User, request.user)
    require(user, "contract", "sign", signature.version.contract)
    if signature.organisation_id not in signing_for(user):
        raise NotAllowed(_("You withdraw for your own organisation only."))
    form = OwnWithdrawForm(request.POST or None, with_code=settings.NSS_SECOND_FACTOR)
    words = {
        "title": _("%(party)s withdraws") % {"party": signature.label},
        "lines": [
            _("The day and the reason stand on the contract's page and on the cover of its PDF."),
            _("The municipality and the other parties get a mail."),
            _("What was signed stays as it was. The municipality can let you sign again later."),
        ],
        "action": _("Withdraw from the contract"),
        "danger": True,
    }

    def take(reason: str, code: str = "", credential: str = "", **_sure: Any) -> None:
        giving.withdraw_own(signature=signature, actor=user, reason=reason, code=code, passkey=credential)

    return _step(request, signature.version, form, words, _("The withdrawal is recorded."), take)


def join(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Let an organisation join later."""
    version = _led(request, public_id, number)
    form = JoinForm(request.POST or None)
    user = cast(User, request.user)
    words = {
        "title": _("Let an organisation join"),
        "lines": [
            _("It signs the same version, in the portal or on paper. Then ask for its signature."),
            _("Its promises come into the next version."),
        ],
        "action": _("Add"),
    }

    def take(**values: Any) -> None:
        giving.add_joiner(version=version, actor=user, **values)

    return _step(request, version, form, words, _("It is on the list of who signs."), take)


@require_POST
def ask_again(request: HttpRequest, public_id: str, number: int, signature_id: str) -> HttpResponse:
    """Let a party that withdrew sign again."""
    version = _led(request, public_id, number)
    signature = _of(version, signature_id)
    try:
        giving.ask_again(signature=signature, actor=cast(User, request.user))
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The party can sign again."))
    return redirect("contracts:signing", public_id, number)


@require_POST
def remind(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Remind everybody who was asked and has not signed."""
    version = _led(request, public_id, number)
    try:
        count = inviting.remind(version=version, actor=cast(User, request.user))
    except Refused as error:
        messages.error(request, str(error))
    else:
        text = _("{count} reminders are on their way.") if count != 1 else _("One reminder is on its way.")
        nobody = _("Everybody was written to today already, or nobody is asked yet.")
        messages.success(request, text.format(count=count) if count else nobody)
    return redirect("contracts:signing", public_id, number)
