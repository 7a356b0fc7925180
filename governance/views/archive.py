"""Export for the archive: asking for one, and the latest ones with their files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from governance.forms.privacy import ArchiveForm
from nss_portal.core.access import require
from nss_portal.core.archive import exporting
from nss_portal.core.models import Job, StoredFile
from nss_portal.core.rendering import render

SHOWN = 10


def archive(request: HttpRequest) -> HttpResponse:
    """Ask for an export, and download the latest ones."""
    require(request.user, "retention", "manage")
    form = ArchiveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        exporting.ask(actor=request.user, **form.cleaned_data)
        return redirect("governance:archive")
    asked = list(Job.objects.filter(kind=exporting.JOB).order_by("-created_at", "-pk")[:SHOWN])
    label = Job._meta.label_lower
    made = StoredFile.objects.filter(owner_type=label, owner_id__in=[str(job.pk) for job in asked])
    files = {stored.owner_id: stored for stored in made}
    rows = [{"job": job, "file": files.get(str(job.pk))} for job in asked]
    context = {"form": form, "rows": rows, "here": reverse("governance:archive")}
    return render(request, "governance/privacy/archive.html", context)
