"""Who opens an address that only a button uses, after a login for example, reads what to do."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from nss_portal.core.rendering import render

GetResponse = Callable[[HttpRequest], HttpResponse]


def button_only(get_response: GetResponse) -> GetResponse:
    """Put a page in the place of the empty answer 405 to somebody who opens such an address."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method != "GET" or response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        page = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
        page["Allow"] = response["Allow"]
        return page

    return answer
