"""The pages of reports."""

import pytest

from nss_portal.core import jobs
from nss_portal.core.models import Report
from nss_portal.core.reports import services
from tests.core.reports.conftest import code_of

pytestmark = pytest.mark.django_db
LIST = "/rapporten/"


def post(client, code, **changes):
    return client.post(LIST, {"what": f"municipality|{code}", "format": "json", "language": "nl", **changes})


def make_all():
    jobs.run_all_here(services.JOB)


def test_somebody_asks_waits_and_gets_the_file(client, team):
    client.force_login(team.user)
    page = client.get(LIST)
    assert team.own.name in page.content.decode()
    answer = post(client, code_of(team))
    report = Report.objects.get()
    assert answer["Location"] == f"/rapporten/{report.public_id}/"
    waiting = client.get(answer["Location"]).content.decode()
    assert "job-progress" in waiting
    assert "/bestand/" not in waiting
    assert client.get(f"/rapporten/{report.public_id}/bestand/").status_code == 404
    make_all()
    ready = client.get(answer["Location"]).content.decode()
    report.refresh_from_db()
    assert report.sha256 in ready
    file = client.get(f"/rapporten/{report.public_id}/bestand/")
    assert file.getvalue() == services.content_of(report.file)
    file.close()
    assert file["Content-Type"] == "application/json"
    assert file["Cache-Control"] == "private, no-cache"
    assert f'filename="feiten-{team.own.name.lower().replace(" ", "-")}.json"' in file["Content-Disposition"]


def test_the_form_offers_only_what_one_may_ask_for(client, cast, team):
    client.force_login(team.user)
    page = client.get(LIST).content.decode()
    assert cast.other.name not in page
    client.force_login(cast.person("coordinator").user)
    assert cast.other.name in client.get(LIST).content.decode()


def test_a_link_from_another_page_has_it_chosen_already(client, team):
    client.force_login(team.user)
    page = client.get(f"{LIST}?rapport=municipality|{code_of(team)}").content.decode()
    assert f'value="municipality|{code_of(team)}" selected' in page


@pytest.mark.parametrize(
    "changes",
    [{"what": "municipality|GM0000"}, {"what": ""}, {"format": "docx"}, {"format": "html"}, {"language": "de"}],
)
def test_bad_input_keeps_the_form_and_says_what_is_wrong(client, team, changes):
    client.force_login(team.user)
    answer = post(client, code_of(team), **changes)
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert not Report.objects.exists()


def test_a_format_of_another_kind_is_refused_in_the_form(client, team, kind, monkeypatch):
    monkeypatch.setattr(type(kind), "formats", ("pdf",))
    client.force_login(team.user)
    assert post(client, code_of(team), format="json").status_code == 422


def test_another_person_finds_nothing(client, cast, team):
    client.force_login(team.user)
    post(client, code_of(team))
    make_all()
    report = Report.objects.get()
    client.force_login(cast.person("coordinator").user)
    assert client.get(f"/rapporten/{report.public_id}/").status_code == 404
    assert client.get(f"/rapporten/{report.public_id}/bestand/").status_code == 404
    assert report.public_id not in client.get(LIST).content.decode()


def test_a_visitor_sees_public_reports_and_no_form(client, team):
    team.own.municipality.name = "Openbaar"
    team.own.municipality.save()
    client.force_login(team.user)
    post(client, code_of(team))
    make_all()
    client.logout()
    report = Report.objects.get()
    page = client.get(LIST).content.decode()
    assert "Feiten Openbaar" in page
    assert "<form" not in page.split("<main")[1].split("</main")[0]
    file = client.get(f"/rapporten/{report.public_id}/bestand/")
    assert file.status_code == 200
    assert file["Cache-Control"].startswith("public")
    file.close()
    assert client.post(LIST, {}).status_code == 404


def test_a_failed_report_can_be_made_again(client, team):
    client.force_login(team.user)
    post(client, code_of(team))
    report = Report.objects.get()
    services.give_up(report, "het ging mis")
    page = client.get(f"/rapporten/{report.public_id}/").content.decode()
    assert "Maak het rapport opnieuw" in page
    assert f'value="municipality|{code_of(team)}"' in page


def test_a_file_that_the_storage_lost_is_a_404(client, team, settings):
    from django.core.files.storage import default_storage

    client.force_login(team.user)
    post(client, code_of(team))
    make_all()
    report = Report.objects.get()
    default_storage.delete(report.file.path)
    assert client.get(f"/rapporten/{report.public_id}/bestand/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow(client, team, rows, django_assert_num_queries):
    client.force_login(team.user)
    for number in range(rows):
        post(client, code_of(team), language=["nl", "en", "nl"][number])
        make_all()
    client.get(LIST)
    with django_assert_num_queries(6):
        client.get(LIST)


def test_english_has_the_same_pages(client, team):
    client.force_login(team.user)
    assert "Make the report" in client.get("/en/rapporten/").content.decode()
