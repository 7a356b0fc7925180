from django.urls import path

from nss_portal.core.mail import demo

urlpatterns = [
    path("", demo.mailbox, name="demo_mailbox"),
    path("<pid:public_id>/", demo.message, name="demo_message"),
]
