"""Pages in answer to what somebody sent: 200 when all is well, 422 with the same page when a form is wrong.

So a program, a browser and a log see the same as who reads the page, in the whole portal alike.
"""

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django import shortcuts
from django.forms import BaseForm, BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse

from nss_portal.core.kept import KeptPart

WRONG = HTTPStatus.UNPROCESSABLE_ENTITY
GetResponse = Callable[[HttpRequest], HttpResponse]


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    """Render a page, with the status 422 where a form in its context was sent and found wrong.

    Another status that a view chooses (409 for a conflict, 410 for a link too late) stays.
    """
    told = {} if context is None else dict(context)
    if status == HTTPStatus.OK and is_refused(request, told):
        status = WRONG
    return shortcuts.render(request, template, told, status=status)


def is_refused(request: HttpRequest, context: Mapping[str, Any]) -> bool:
    """Say whether the page answers a form that was found wrong; forms nobody looked at yet stay so."""
    return request.method == "POST" and any(_is_wrong(value) for value in context.values())


def _is_wrong(value: Any) -> bool:
    if isinstance(value, BaseForm):
        return value.is_bound and bool(value._errors)  # type: ignore[attr-defined]
    if isinstance(value, BaseFormSet):
        looked_at = value._errors is not None  # type: ignore[attr-defined]
        return value.is_bound and looked_at and (any(value.errors) or bool(value.non_form_errors()))
    if isinstance(value, list | tuple | dict):
        inside: Iterable[Any] = value.values() if isinstance(value, dict) else value
        return any(isinstance(one, BaseForm | BaseFormSet) and _is_wrong(one) for one in inside)
    if isinstance(value, KeptPart):
        return any(_is_wrong(one) for one in value.worked_out().values())
    return False


class RefusedFormMiddleware:
    """The same for pages of libraries, which leave the rendering to the end."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_template_response(
        self, request: HttpRequest, response: SimpleTemplateResponse
    ) -> SimpleTemplateResponse:
        """Give a page with a refused form its status before it is rendered."""
        if response.status_code == HTTPStatus.OK and is_refused(request, response.context_data or {}):
            response.status_code = WRONG
        return response
