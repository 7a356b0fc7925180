"""`report` and `verify_report`, as people and scripts call them."""

import io

import pytest
from django.core.management import CommandError, call_command

from nss_portal.core.models import Report, ReportState
from tests.core.reports.conftest import code_of

pytestmark = pytest.mark.django_db


def run(*args):
    out = io.StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("format", "start"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("json", b"{"), ("html", b"<!doc")]
)
def test_a_report_is_written_and_recognised(team, tmp_path, format, start):
    target = tmp_path / f"uit.{format}"
    said = run("report", "municipality", code_of(team), "--format", format, "--output", str(target))
    assert target.read_bytes().startswith(start)
    assert f"Feiten {team.own.name}" in said
    assert Report.objects.get().state == ReportState.READY
    said = run("verify_report", str(target))
    assert f"object {code_of(team)}" in said
    assert "version versie 1" in said
    again = tmp_path / f"nog-eens.{format}"
    run("report", "municipality", code_of(team), "--format", format, "--output", str(again))
    if format != "xlsx":
        assert again.read_bytes() == target.read_bytes()


def test_html_stands_by_itself(team, tmp_path):
    target = tmp_path / "uit.html"
    run("report", "municipality", code_of(team), "--format", "html", "--output", str(target))
    text = target.read_text()
    assert '<html lang="nl">' in text
    assert "<link" not in text
    assert "src=" not in text
    assert "url(data:font/woff2;base64," in text
    assert "url(../" not in text
    assert "Cijfers als tabel" in text


def test_a_changed_file_is_not_ours(team, tmp_path):
    target = tmp_path / "uit.pdf"
    run("report", "municipality", code_of(team), "--output", str(target))
    target.write_bytes(target.read_bytes().replace(b"%%EOF", b"%% EOF"))
    with pytest.raises(CommandError, match="somebody changed it") as refused:
        run("verify_report", str(target))
    assert refused.value.returncode == 1
    other = tmp_path / "anders.pdf"
    other.write_bytes(b"%PDF-1.7 of somebody else")
    with pytest.raises(CommandError, match="not a report") as refused:
        run("verify_report", str(other))
    assert refused.value.returncode == 1
    with pytest.raises(CommandError) as refused:
        run("verify_report", str(tmp_path / "weg.pdf"))
    assert refused.value.returncode == 2


@pytest.mark.parametrize(
    ("named", "ref", "output", "words"),
    [
        ("unknown", "x", "uit.pdf", "unknown"),
        ("municipality", "GM0000", "uit.pdf", "GM0000"),
        ("municipality", "GM9001", "no/such/folder/uit.pdf", "folder"),
        ("municipality", "GM9001", ".", "no file"),
    ],
)
def test_bad_input_says_what_and_changes_nothing(cast, tmp_path, named, ref, output, words):
    with pytest.raises(CommandError, match=words) as refused:
        run("report", named, ref, "--output", str(tmp_path / output))
    assert refused.value.returncode == 2
    assert not Report.objects.exists()
    assert list(tmp_path.glob("*.pdf")) == []
