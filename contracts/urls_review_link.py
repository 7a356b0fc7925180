"""Addresses of a party's part of a review by personal link, under /herijking/. Public: the link is the right."""

from django.urls import path

from contracts.urls_review import PART_PAGES
from contracts.views.review_part import LINK

app_name = "review_link"

urlpatterns = [path(f"<str:token>/{rest}", LINK[name], name=name) for name, rest in PART_PAGES.items()]
