"""Asking for a report, making it once, taking it over, recognising it."""

import hashlib
import io
import json

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from pypdf import PdfReader

from nss_portal.core import jobs
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import AuditEvent, Job, Report, ReportState, StoredFile
from nss_portal.core.reports import Snapshot, registry, services
from tests.core.reports.conftest import code_of

pytestmark = pytest.mark.django_db


def ask(person, code, format="json", language="nl"):
    return services.request_report(
        kind="municipality", object_ref=code, format=format, language=language, actor=person.user
    )


def make(person, code, format="json", language="nl"):
    report = ask(person, code, format, language)
    jobs.run_here(jobs.find(kind=services.JOB, key=report.public_id))
    return Report.objects.get(pk=report.pk)


def test_a_request_leaves_a_row_a_job_and_an_event_and_renders_nothing(team):
    report = ask(team, code_of(team))
    assert (report.state, report.file, report.organisations) == (ReportState.REQUESTED, None, [team.own.pk])
    assert Job.objects.get(kind=services.JOB).payload == {"report": report.pk}
    assert AuditEvent.objects.filter(object_type="core.report", event="requested").count() == 1


def test_the_worker_makes_it_and_keeps_it_with_its_hash(team):
    report = make(team, code_of(team))
    content = services.content_of(report.file)
    assert report.state == ReportState.READY
    assert report.sha256 == hashlib.sha256(content).hexdigest() == report.file.sha256
    assert report.size == len(content)
    data = json.loads(content)
    assert data["data"]["code"] == code_of(team)
    assert data["dataSha256"] == report.data_sha256
    assert (report.title, report.version) == (f"Feiten {team.own.name}", "versie 1")


def test_every_format_is_what_it_says(team):
    pdf = make(team, code_of(team), "pdf")
    reader = PdfReader(io.BytesIO(services.content_of(pdf.file)))
    assert reader.metadata["/nssreport"] == "municipality"
    assert reader.metadata["/nssdata"] == pdf.data_sha256
    assert team.own.name in "".join(page.extract_text() for page in reader.pages)
    book = openpyxl.load_workbook(io.BytesIO(services.content_of(make(team, code_of(team), "xlsx").file)))
    assert [[cell.value for cell in row] for row in book["Uitstoot"].iter_rows(max_row=3)] == [
        ["Jaar", "kt CO₂"],
        [2024, 2],
        [2025, 1],
    ]


def test_one_that_is_being_made_is_not_asked_for_twice(team):
    assert ask(team, code_of(team)) == ask(team, code_of(team))
    assert Job.objects.filter(kind=services.JOB).count() == 1
    assert ask(team, code_of(team), language="en") != ask(team, code_of(team))


def test_unchanged_data_takes_over_the_file(team, cast):
    first, second = make(team, code_of(team)), make(team, code_of(team))
    assert first.pk != second.pk
    assert (first.file, first.sha256) == (second.file, second.sha256)
    assert StoredFile.objects.count() == 1
    other_language = make(team, code_of(team), language="en")
    assert other_language.file != first.file


def test_changed_data_and_a_new_edition_of_the_template_make_a_new_file(team, kind, monkeypatch):
    first = make(team, code_of(team))
    monkeypatch.setattr(type(kind), "edition", 2)
    second = make(team, code_of(team))
    assert first.data_sha256 != second.data_sha256
    team.own.municipality.name = "Anders"
    team.own.municipality.save()
    assert make(team, code_of(team)).data_sha256 != second.data_sha256


def test_a_second_run_of_the_job_makes_nothing_twice(team):
    report = make(team, code_of(team))
    made, content = services.produce(
        report, actor=team.user, progress=lambda *_args: None, guard=lambda: pytest.fail("wrote again")
    )
    assert (made, content) == (report, None)


def test_the_matrix_says_who_may_ask(team, cast):
    with pytest.raises(NotAllowed):
        ask(team, cast.other.municipality.code)
    with pytest.raises(NotAllowed):
        ask(cast.person("visitor"), cast.other.municipality.code)
    assert ask(cast.person("coordinator"), cast.other.municipality.code)
    assert ask(cast.person("advisor"), cast.advised.municipality.code)
    assert Report.objects.count() == 2


@pytest.mark.parametrize(("named", "ref"), [("unknown", "GM0363"), ("municipality", "GM0000")])
def test_what_is_not_there_cannot_be_asked_for(team, named, ref):
    with pytest.raises(services.NotThere):
        services.request_report(kind=named, object_ref=ref, format="pdf", language="nl", actor=team.user)
    assert not Report.objects.exists()


def test_a_format_that_the_kind_has_not_is_refused(team, kind, monkeypatch):
    monkeypatch.setattr(type(kind), "formats", ("pdf",))
    with pytest.raises(ValidationError, match="xlsx"):
        ask(team, code_of(team), "xlsx")


def test_a_report_whose_record_is_out_of_sight_by_then_fails_with_words(team):
    report = ask(team, code_of(team))
    Report.objects.filter(pk=report.pk).update(object_ref="GM0000")
    job = jobs.run_here(jobs.find(kind=services.JOB, key=report.public_id))
    report.refresh_from_db()
    assert job.state == jobs.JobState.FAILED
    assert report.state == ReportState.FAILED
    assert "GM0000" in report.failure


def test_a_fault_is_tried_again_and_then_noted(team, kind, monkeypatch):
    def broken(self, record, actor):
        raise ZeroDivisionError

    monkeypatch.setattr(type(kind), "collect", broken)
    report = ask(team, code_of(team))
    job = jobs.find(kind=services.JOB, key=report.public_id)
    for _turn in range(3):
        job = jobs.run_here(job)
    report.refresh_from_db()
    assert (job.state, report.state) == (jobs.JobState.FAILED, ReportState.FAILED)
    assert ask(team, code_of(team)).pk != report.pk


def test_a_report_is_seen_by_who_asked_and_a_public_one_by_all(team, cast):
    report = make(team, code_of(team))
    coordinator, visitor = cast.person("coordinator").user, cast.person("visitor").user
    assert list(Report.objects.visible_to(team.user)) == [report]
    assert not Report.objects.visible_to(coordinator).exists()
    assert not Report.objects.visible_to(visitor).exists()
    team.own.municipality.name = "Openbaar"
    team.own.municipality.save()
    public = make(team, code_of(team))
    assert list(Report.objects.visible_to(visitor)) == [public]


def test_a_file_is_recognised_to_the_last_byte(team):
    report = make(team, code_of(team))
    content = services.content_of(report.file)
    make(team, code_of(team))
    assert services.recognise(content) == report
    assert services.recognise(content + b" ") is None


def test_the_digest_follows_from_all_that_decides_what_the_file_says():
    def digest(kind="a", edition=1, language="nl", **changes):
        snapshot = Snapshot(**{"title": "t", "data": {"a": 1, "b": [2]}, **changes})
        return snapshot.digest(kind=kind, edition=edition, language=language)

    base = digest()
    assert base == digest(data={"b": [2], "a": 1})
    others = [
        digest(kind="b"),
        digest(edition=2),
        digest(language="en"),
        digest(title="u"),
        digest(version="v"),
        digest(subtitle="s"),
        digest(data={"a": 1}),
    ]
    assert len({base, *others}) == 8


def test_two_kinds_of_one_name_and_unknown_formats_are_refused():
    class Other(registry.ReportKind):
        label = "x"

    with pytest.raises(ValueError, match="two kinds"):
        registry.kind("municipality", resource="municipality", formats=("pdf",))(Other)
    with pytest.raises(ValueError, match="docx"):
        registry.kind("other", resource="municipality", formats=("docx",))(Other)
