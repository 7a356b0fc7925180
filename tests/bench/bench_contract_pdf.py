"""The PDF of every climate contract of the country, by a warm worker and by two.

Required: at most 1.15 times what WeasyPrint alone takes for the same HTML (sealing apart), fonts and styles loaded
once; memory of a worker after 100 documents at most 10 % above that after 10; two workers at least 1.6 times as
fast as one. NSS_BENCH_CONTRACTS makes it smaller (342 by default).
"""

import json
import os
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection

from contracts.models import ContractVersion
from tests.figures import Figures

COUNT = int(os.environ.get("NSS_BENCH_CONTRACTS", "342"))
# Documents that WeasyPrint makes alone beside ours, in turns, for the ratio.
BESIDE = 24

WORKER = """
import gc, json, os, sys, time
import django
django.setup()
from django.utils import translation
from contracts.reports.contract import ContractReport
from governance.models import User
from nss_portal.core import pdf
from nss_portal.core.pdf import archive, assets, engine
from nss_portal.core.reports.making import context_of

order = json.loads(sys.stdin.readline())
kind, actor = ContractReport(), User.objects.system()
kind.name = "contract"

def memory():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))

def waited():
    # Seconds that this process was ready to go on while others had the processor.
    with open("/proc/self/schedstat") as status:
        return int(status.read().split()[1]) / 1e9

def ours(ref):
    with translation.override("nl"):
        snapshot = kind.collect(kind.find(actor, ref), actor)
        digest = snapshot.digest(kind=kind.name, edition=kind.edition, language="nl")
        context = context_of(kind, snapshot, digest)
        made = pdf.render(kind.template, context, language="nl", title=snapshot.title,
                          variant=archive.VARIANT, attached=kind.attached(snapshot.data))
    return snapshot, context, made

def alone(snapshot, context):
    from weasyprint import HTML
    html = pdf.page_html(kind.template, context, language="nl", title=snapshot.title, for_pdf=True)
    attached = archive.for_weasyprint(kind.attached(snapshot.data))
    fonts, style = engine._prepared()
    start = time.perf_counter(), time.process_time()
    document = HTML(string=html, base_url=assets.BASE, url_fetcher=engine._fetcher())
    document.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant=archive.BASE, pdf_tags=True,
                       custom_metadata=True, uncompressed_pdf=True, attachments=attached)
    return time.perf_counter() - start[0], time.process_time() - start[1]

pdf.seal.sealed(ours(order["refs"][0])[2], reason="warm")
sys.stdout.write("ready\\n"); sys.stdout.flush()
sys.stdin.readline()
wall = cpu = alone_wall = alone_cpu = beside_wall = beside_cpu = sealing = 0.0
sizes, after = [], {}
begun, waiting, used = time.perf_counter(), waited(), time.process_time()
for number, ref in enumerate(order["refs"], start=1):
    start = time.perf_counter(), time.process_time()
    snapshot, context, made = ours(ref)
    took = time.perf_counter() - start[0], time.process_time() - start[1]
    wall, cpu = wall + took[0], cpu + took[1]
    start = time.perf_counter()
    sealed = pdf.seal.sealed(made, reason=snapshot.title)
    sealing += time.perf_counter() - start
    sizes.append(len(sealed))
    if number in (10, 100):
        after[number] = memory()
    if number <= order["beside"]:
        single = alone(snapshot, context)
        alone_wall, alone_cpu = alone_wall + single[0], alone_cpu + single[1]
        beside_wall, beside_cpu = beside_wall + took[0], beside_cpu + took[1]
import io
from pypdf import PdfReader
sys.stdout.write(json.dumps({
    "whole": time.perf_counter() - begun, "waited": waited() - waiting,
    "used": time.process_time() - used, "wall": wall, "cpu": cpu, "sealing": sealing, "memory": after,
    "alone": [alone_wall, alone_cpu], "beside": [beside_wall, beside_cpu],
    "bytes": sum(sizes) / len(sizes), "pages": len(PdfReader(io.BytesIO(sealed)).pages),
}) + "\\n")
"""


def environment() -> dict[str, str]:
    """Give what a worker needs to find the database of the benchmark."""
    held = connection.settings_dict
    port = f":{held['PORT']}" if held["PORT"] else ""
    user = f"{held['USER']}:{held['PASSWORD']}@" if held["PASSWORD"] else f"{held['USER']}@"
    host = held["HOST"] or ""
    where = f"{user}{host.replace('/', '%2F')}{port}"
    return {
        **os.environ,
        "DATABASE_URL": f"postgres://{where}/{held['NAME']}",
        "DJANGO_SETTINGS_MODULE": "nss_portal.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
    }


def started(refs: list[str], beside: int = 0) -> subprocess.Popen[str]:
    """Start a worker, wait until it is warm, and leave it waiting."""
    worker = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WORKER],
        cwd=settings.BASE_DIR,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write(json.dumps({"refs": refs, "beside": beside}) + "\n")
    worker.stdin.flush()
    assert worker.stdout.readline() == "ready\n"
    return worker


def together(workers: list[subprocess.Popen[str]]) -> tuple[float, list[dict[str, object]]]:
    """Let warm workers go at the same moment; gives the seconds until the last is done, and what each says."""
    start = time.perf_counter()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    said = [json.loads(worker.communicate()[0]) for worker in workers]
    return time.perf_counter() - start, said


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("national")
def test_a_pdf_of_every_contract(figures: Figures) -> None:
    found = ContractVersion.objects.in_force().filter(contract__is_illustrative=True).select_related("contract")
    refs = [version.contract.public_id for version in found.order_by("pk")[:COUNT]]
    _seconds, (one,) = together([started(refs, BESIDE)])
    each = one["wall"] / len(refs)
    figures.record("contract PDFs made by one worker", len(refs), "PDFs")
    figures.record("pages of one", one["pages"], "pages")
    figures.record("a contract PDF, warm", each, "s")
    figures.record("the same, processor time", one["cpu"] / len(refs), "s")
    figures.record("times WeasyPrint alone, time", one["beside"][0] / one["alone"][0], "×", at_most=1.15)
    figures.record("times WeasyPrint alone, processor time", one["beside"][1] / one["alone"][1], "×", at_most=1.15)
    figures.record("sealing one", one["sealing"] / len(refs), "s")
    figures.record("size of one", one["bytes"] / 1000, "kB")
    if "100" in one["memory"]:
        grown = one["memory"]["100"] / one["memory"]["10"]
        figures.record("memory of a worker after 100 PDFs", one["memory"]["100"], "MB")
        figures.record("the same, times that after 10", grown, "×", at_most=1.10)
    half = refs[: max(2, len(refs) // 3)]
    single, (alone,) = together([started(half)])
    both, two = together([started(half[::2]), started(half[1::2])])
    # Tells a busy machine, on which the next figure says little, from workers that are in each other's way.
    busy = sum(each["cpu"] for each in two) / alone["cpu"]
    figures.record("two workers, processor time, times that of one", busy, "×")
    # What is neither work nor waiting for the processor: the database, the disk, locks.
    idle = max(each["whole"] - each["waited"] - each["used"] for each in two)
    figures.record("two workers, share of time waiting for something else", idle / max(both, 0.1), "", at_most=0.1)
    freed = (alone["whole"] - alone["waited"]) / max(each["whole"] - each["waited"] for each in two)
    figures.record(
        "two workers, times as fast as one, waiting for the processor left out", freed, "×", at_least=1.6
    )
    figures.record("two workers, times as fast as one", single / both, "×", at_least=1.6)
