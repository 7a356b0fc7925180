"""The PDF of 120 contracts, in a process of its own that is warm; and the drawing of charts.

Required: some 40 pages in at most 12 seconds of a warm worker and 500 MB; a chart in under 4 ms.
"""

import json
import subprocess
import sys
import time

from django.conf import settings

from nss_portal.core.charts import Size
from tests.bench import reflection
from tests.figures import Figures

WARM_WORKER = """
import json, resource, sys, time
import django
django.setup()
from django.conf import settings
settings.TEMPLATES[0]["DIRS"].append(settings.BASE_DIR / "tests" / "bench" / "templates")
from nss_portal.core import pdf
from tests.bench import reflection

def render(count):
    start = time.perf_counter(), time.process_time()
    context = reflection.context(count)
    made = pdf.render("bench/reflection.html", context, language="nl", title="Nationale reflectie 2025")
    return made, time.perf_counter() - start[0], time.process_time() - start[1]

render(3)
made, wall, processor = render(120)
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
import io
from pypdf import PdfReader
pages = len(PdfReader(io.BytesIO(made)).pages)
measured = {"wall": wall, "processor": processor, "memory": memory, "bytes": len(made), "pages": pages}
sys.stdout.write(json.dumps(measured))
"""


def test_a_report_of_120_contracts(figures: Figures) -> None:
    run = subprocess.run(
        [sys.executable, "-c", WARM_WORKER], cwd=settings.BASE_DIR, capture_output=True, check=True, text=True
    )
    measured = json.loads(run.stdout)
    figures.record("report of 120 contracts, warm", measured["wall"], "s", at_most=12)
    figures.record("the same, processor time", measured["processor"], "s")
    figures.record("the same, memory", measured["memory"], "MB", at_most=500)
    figures.record("the same, size", measured["bytes"] / 1000, "kB")
    figures.record("the same, pages", measured["pages"], "pages", at_least=40)


def test_a_chart(figures: Figures) -> None:
    charts = [contract["chart"] for contract in reflection.contracts(50)]
    for size in Size:
        start = time.perf_counter()
        drawn = [chart.draw(size) for chart in charts]
        each = (time.perf_counter() - start) * 1000 / len(charts)
        figures.record(f"line chart, {size.name.lower()}", each, "ms", at_most=4)
        figures.record(
            f"line chart, {size.name.lower()}, size", max(len(one) for one in drawn) / 1000, "kB", at_most=8
        )
