from django.urls import path

from nss_portal.core.files import views

urlpatterns = [path("<pid:public_id>/", views.stored_file, name="stored_file")]
