from django.urls import path

from nss_portal.core.reports import checking, views

app_name = "reports"
urlpatterns = [
    path("", views.report_list, name="list"),
    path("controleren/", checking.check, name="check"),
    path("<pid:public_id>/", views.report_detail, name="detail"),
    path("<pid:public_id>/bestand/", views.report_file, name="file"),
]
