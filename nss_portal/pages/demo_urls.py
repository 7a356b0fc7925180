"""Addresses of the demonstration."""

from django.urls import path

from nss_portal.pages import demo

app_name = "demo"
urlpatterns = [
    path("", demo.index, name="index"),
    path("inloggen/", demo.login, name="login"),
]
