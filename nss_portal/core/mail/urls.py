from django.urls import path, re_path

from nss_portal.core.ids import PublicIdConverter
from nss_portal.core.mail import views

urlpatterns = [
    path("", views.mail_list, name="mails"),
    path("adressen/", views.suppressed_list, name="suppressed_addresses"),
    path("adressen/<int:pk>/weer-mailen/", views.suppressed_remove, name="suppressed_remove"),
    path("<pid:public_id>/", views.mail_detail, name="mail"),
    re_path(
        rf"^(?P<public_id>{PublicIdConverter.regex})/(?P<step>opnieuw|aangekomen)/$",
        views.mail_step,
        name="mail_step",
    ),
]
