"""Pages that compose all apps."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """Home for a visitor, 'my work' for a member."""
    return render(request, "pages/home.html")
