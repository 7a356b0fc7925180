"""What a form gets of a request."""

from django.http import HttpRequest, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """Give what was sent, also when it is empty (all boxes off), or None when the page is only looked at."""
    return request.POST if request.method == "POST" else None
