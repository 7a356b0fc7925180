from django.urls import path

from nss_portal.core.jobs.progress import progress_view

urlpatterns = [
    path("<pid:public_id>/voortgang/", progress_view, name="job_progress"),
]
