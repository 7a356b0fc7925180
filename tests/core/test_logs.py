"""Personal links stay out of every log: the portal's own, the web server's and the proxy's."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from nss_portal.core.logs import SECRET, without_secrets
from nss_portal.supervisor.layout import BASE_DIR
from tests.core.smtp import free_port
from tests.supervisor.own import wait_until

# Of the form that tokens have; the same in every process of the suite, which names its tests by them.
TOKEN = "BzpXD0HlQjwrLpWO4VHYmB18uawCj_THmeYYAhwNHz8"
SIGNED = "InI0bmQwbTFkIg:1xUf4X:-M3YyKxZkH1d10v2BbMGCHBqbF4wuSGclfgKVAjf9Yk"
QUOTED = TOKEN[:20] + "%7E" + TOKEN[20:]


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        (f"GET /herijking/{TOKEN}/ 200", TOKEN),
        (f"GET /en/account/invitation/{TOKEN}/ 200", TOKEN),
        (f"GET /gemeenten/meedoen/{SIGNED}/ 200", SIGNED.rpartition(":")[2]),
        (f"GET /account/wachtwoord/nieuw/2b-{'c3k2x1-' + 'a1' * 16}/ 200", "a1" * 16),
        (f"GET /agenda/mijn/{TOKEN}.ics", TOKEN),
        (f'{{"uri":"/herijking/{TOKEN}"}}', TOKEN),
        (f"GET /account/inloggen/?next=%2Fherijking%2F{TOKEN}%2F", TOKEN),
        (f"GET /account/inloggen/?next={QUOTED}", QUOTED),
        (f"Referer: https://portaal.example/herijking/{TOKEN}/dank/", TOKEN),
    ],
)
def test_a_secret_in_an_address_becomes_an_ellipsis(line: str, secret: str) -> None:
    assert secret not in without_secrets(line)
    assert "…" in without_secrets(line)


@pytest.mark.parametrize(
    "line",
    [
        "GET /gemeenten/GM0363/ 200",
        "GET /klimaatcontracten/r4nd0m1d/herijking/2026/ 200",
        "GET /static/css/portal.1a2b3c4d5e6f.css 304",
        "GET /bestanden/r4nd0m1d/ 200",
        "job 17 done in 0.0031 s",
    ],
)
def test_other_addresses_stay_as_they_are(line: str) -> None:
    assert without_secrets(line) == line


WRITING = """
import django, logging, sys
django.setup()
try:
    raise ValueError(f"/herijking/{sys.argv[1]}/")
except ValueError:
    for name in sys.argv[2:]:
        logging.getLogger(name).exception("GET %s", f"/herijking/{sys.argv[1]}/")
"""
LOGGERS = ("nss_portal.core", "django.request", "django.server", "granian.access")


def test_no_logger_writes_it() -> None:
    """Also not in a traceback, nor as an argument of the line; in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", WRITING, TOKEN, *LOGGERS],
        cwd=BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "nss_portal.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    written = done.stderr + done.stdout
    assert TOKEN not in written
    for name in LOGGERS:
        assert f"ERROR {name}: GET /herijking/…/\n" in written
    assert written.count("ValueError: /herijking/…/\n") == len(LOGGERS)


def test_the_web_server_writes_who_asked_what_without_it(tmp_path: Path) -> None:
    """Granian, started as the image starts it."""
    port = free_port()
    started = re.search(r"^CMD (\[.*?\])", (BASE_DIR / "Dockerfile").read_text(), re.M | re.S)
    assert started is not None
    command = json.loads(started.group(1).replace("\\\n", ""))
    place = {"0.0.0.0": "127.0.0.1", "8000": str(port)}  # noqa: S104
    log = tmp_path / "web.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(Path(sys.executable).parent / command[0]), *(place.get(part, part) for part in command[1:])],
            cwd=BASE_DIR,
            env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
            | {"DJANGO_SETTINGS_MODULE": "nss_portal.settings", "DATABASE_URL": "postgres://x@127.0.0.1:1/x"},
            stdout=output,
            stderr=output,
        )
    try:
        wait_until(lambda: asked(f"http://127.0.0.1:{port}/static/{TOKEN}"), "an answer", 60)
        wait_until(lambda: "GET /static/… 404" in log.read_text(), "the line in the log")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    assert TOKEN not in log.read_text()


def asked(url: str) -> bool:
    """Say whether a web server answers, whatever it says."""
    try:
        with urllib.request.urlopen(url, timeout=10):  # noqa: S310
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def test_the_proxy_goes_by_the_same_rule() -> None:
    caddyfile = (BASE_DIR / "docker-compose.yml").read_text().replace("$$", "$")
    rule = re.search(r"request>uri regexp `(.+?)` `\$1…`", caddyfile)
    assert rule is not None
    for line in (
        f"/herijking/{TOKEN}/",
        f"/account/inloggen/?next=%2Fherijking%2F{QUOTED}%2F",
        "/gemeenten/GM0363/",
    ):
        assert re.sub(rule.group(1), r"\1…", line) == SECRET.sub(r"\1…", line)
    assert "request>headers delete" in caddyfile, "Referer and Cookie hold them too"
