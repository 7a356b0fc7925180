from django.urls import path

from nss_portal.core.jobs import views
from nss_portal.core.jobs.progress import progress_view

urlpatterns = [
    path("", views.job_list, name="jobs"),
    path("<pid:public_id>/", views.job_detail, name="job"),
    path("<pid:public_id>/opnieuw/", views.job_restart, name="job_restart"),
    path("<pid:public_id>/voortgang/", progress_view, name="job_progress"),
]
