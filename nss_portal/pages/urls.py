from django.urls import path

from nss_portal.pages import views

urlpatterns = [
    path("", views.home, name="home"),
]
