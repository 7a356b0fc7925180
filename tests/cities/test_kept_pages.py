"""Pages of the cities that are kept: each person sees what is drawn anew for them, and a change shows at once."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client

from cities.models import Bottleneck, CityRoadmap, EoiSubmission, Progress, Proposition, Signal
from cities.models.bottleneck import Sharing
from cities.services.bottlenecks import change_bottleneck
from cities.services.eoi.handing_in import share_submission
from cities.services.propositions import support_proposition
from cities.services.roadmap import Stand, record_progress
from cities.services.signals.sending import publish_signal
from cities.services.teams import set_contact_themes
from governance.models import Membership, User
from governance.models.membership import Function
from nss_portal.core import kept
from tests.access.cast import Cast, Person, join, make_user
from tests.cities.eoi import make_call, make_submission
from tests.cities.matrix import make_bottleneck, make_theme
from tests.cities.matrix_propositions import make_proposition
from tests.cities.matrix_roadmap import make_roadmap, make_steps, tell
from tests.cities.signals import make_signal

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'value="\w{64}"')


@pytest.fixture(autouse=True)
def keeping(settings):
    """Pages keep what they drew, as in the portal."""
    settings.NSS_KEEP_PAGES = True
    cache.clear()
    yield
    cache.clear()


@dataclass
class Stage:
    """A city with one record of each kind, and the people around it."""

    lead: Person
    colleague: User
    same: User
    ministry: Person
    coordinator: Person
    bottleneck: Bottleneck
    signal: Signal
    proposition: Proposition
    roadmap: CityRoadmap
    submission: EoiSubmission

    @property
    def code(self) -> str:
        return self.lead.own.municipality.code

    @property
    def people(self) -> list[User | AnonymousUser]:
        """Give a lead, two colleagues with the same rights, an addressee, a coordinator, and a visitor."""
        return [
            self.lead.user,
            self.colleague,
            self.same,
            self.ministry.user,
            self.coordinator.user,
            AnonymousUser(),
        ]


@pytest.fixture
def stage() -> Stage:
    """Records that those of the city may change, the ministry answers, and a visitor partly sees."""
    cast = Cast()
    lead, ministry = cast.person("team", leads=True), cast.person("ministry", leads=True)
    colleague, same = make_user(), make_user()
    for user in (colleague, same):
        join(user, lead.own, Function.TEAM)
    own, block = lead.own, make_steps()[0]
    make_bottleneck(own, title="Nog een klad")
    tell(roadmap := make_roadmap(own, "network"), block, "done", note="Zo deden wij het")
    call = make_call("closed", days=-10, analysis_published=True)
    submission = make_submission(own, call)
    make_bottleneck(cast.other, "network", title="Van een ander")
    bottleneck = make_bottleneck(own, "published")
    signal = make_signal(own, ministry.own, audience="network", bottleneck=bottleneck)
    proposition = make_proposition(own, "open")
    coordinator = cast.person("coordinator")
    return Stage(
        lead, colleague, same, ministry, coordinator, bottleneck, signal, proposition, roadmap, submission
    )


def pages_of(stage: Stage) -> list[str]:
    """Give the addresses of the pages that are kept."""
    records = (stage.bottleneck, stage.signal, stage.proposition, stage.submission)
    return [
        *(record.get_absolute_url() for record in records),
        "/knelpunten/",
        "/knelpunten/themas/",
        "/signalen/",
        "/signalen/reactietijden/",
        "/signalen/bord/",
        "/proposities/",
        "/routekaart/",
        "/routekaart/stap1/",
        f"/routekaart/gemeente/{stage.code}/",
        f"/routekaart/gemeente/{stage.code}/vergelijkbaar/",
        f"/routekaart/gemeente/{stage.code}/bijwerken/",
        f"/gemeenten/vergelijken/?g={stage.code}&g={stage.lead.cast.other.municipality.code}",
        "/gemeenten/eoi/",
        stage.submission.call.get_absolute_url(),
        "/gemeenten/eoi/analyse/",
        f"/gemeenten/{stage.code}/team/",
        "/wie-is-wie/",
    ]


def browser(user: User | AnonymousUser) -> Client:
    client = Client()
    if isinstance(user, User):
        client.force_login(user)
    return client


def text_of(client: Client, url: str) -> str:
    """Give a page without the tokens in its forms, which are others each time."""
    return TOKEN.sub("", client.get(url).content.decode())


def test_nobody_sees_what_was_drawn_for_somebody_with_other_rights(
    stage: Stage, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, made = [], []

    def counted(name: str, *args: object, make: Callable[[], object], **more: object) -> object:
        asked.append(name)
        return original(name, *args, make=lambda: (made.append(name), make())[1], **more)

    original = kept.kept
    monkeypatch.setattr(kept, "kept", counted)
    browsers = [browser(user) for user in stage.people]
    pages = pages_of(stage)
    as_kept = [[text_of(client, url) for client in browsers] for url in pages]
    assert len(set(made)) == len(pages), "each page keeps something"
    # A transaction that ends elsewhere between two of them makes one anew, but not each time.
    assert len(made) < len(asked) - len(pages) / 2, "colleagues with the same rights share it"
    settings.NSS_KEEP_PAGES = False
    for url, texts in zip(pages, as_kept, strict=True):
        assert texts == [text_of(client, url) for client in browsers], url


def test_who_may_leave_a_team_is_personal_also_with_the_same_rights(stage: Stage) -> None:
    url = f"/gemeenten/{stage.code}/team/"
    pages = [text_of(browser(user), url) for user in (stage.colleague, stage.same)]
    rows = [Membership.objects.get(user=user).pk for user in (stage.colleague, stage.same)]
    for page, own, other in zip(pages, rows, reversed(rows), strict=True):
        assert f"/{own}/overdragen/" in page
        assert f"/{other}/overdragen/" not in page


def _changed_bottleneck(stage: Stage) -> None:
    change_bottleneck(
        actor=stage.lead.user, bottleneck=stage.bottleneck, version=stage.bottleneck.version, title="Anders nu"
    )


def _progress(stage: Stage) -> None:
    entry = Progress.objects.get(roadmap=stage.roadmap)
    record_progress(
        actor=stage.lead.user,
        organisation=stage.lead.own,
        version=stage.roadmap.version,
        stands={(entry.step_id, entry.block_id): Stand("done", "Anders nu")},
    )


def _support(stage: Stage) -> None:
    support_proposition(
        actor=stage.ministry.user,
        proposition=stage.proposition,
        organisation=stage.ministry.own,
        brings="Anders nu",
        why="Daarom",
    )


def _themes(stage: Stage) -> None:
    theme = make_theme("anders")
    theme.label_nl = "Anders nu"
    theme.save()
    row = Membership.objects.get(user=stage.colleague)
    set_contact_themes(actor=stage.lead.user, membership=row, themes=[theme])


CHANGES = {
    "bottleneck": (_changed_bottleneck, ["/knelpunten/", "record"]),
    "progress": (_progress, ["city"]),
    "support": (_support, ["proposition"]),
    "themes": (_themes, ["team", "/wie-is-wie/"]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_shows_at_once(stage: Stage, name: str) -> None:
    change, pages = CHANGES[name]
    addresses = {
        "record": stage.bottleneck.get_absolute_url(),
        "proposition": stage.proposition.get_absolute_url(),
        "city": f"/routekaart/gemeente/{stage.code}/",
        "team": f"/gemeenten/{stage.code}/team/",
    }
    client = browser(stage.colleague)
    urls = [addresses.get(page, page) for page in pages]
    for url in urls * 2:
        assert "Anders nu" not in client.get(url).content.decode()
    change(stage)
    for url in urls:
        assert "Anders nu" in client.get(url).content.decode(), url


def test_what_is_published_or_shared_shows_at_once_to_those_it_is_for(stage: Stage) -> None:
    client, insider = browser(AnonymousUser()), browser(stage.ministry.user)
    call = stage.submission.call.get_absolute_url()
    EoiSubmission.objects.filter(pk=stage.submission.pk).update(sharing=Sharing.DRAFT)
    for _time in range(2):
        assert stage.signal.title not in client.get("/signalen/").content.decode()
        assert stage.submission.get_absolute_url() not in insider.get(call).content.decode()
    publish_signal(actor=stage.lead.user, signal=stage.signal)
    stage.submission.refresh_from_db()
    share_submission(actor=stage.lead.user, submission=stage.submission, sharing=Sharing.NETWORK)
    assert stage.signal.title in client.get("/signalen/").content.decode()
    assert stage.submission.get_absolute_url() in insider.get(call).content.decode()
