"""Knowledge products and news."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from activities.models import KnowledgeProduct, News
from activities.registrations import knowledge as registrations
from activities.services import knowledge as services
from activities.services import news as news_services
from activities.services.demo import load_demo as load_demo_lessons
from activities.services.demo_knowledge import load_demo as load_demo_products
from activities.services.handing_products import give_products
from activities.services.knowledge import Product
from cities.models import TransitionStep
from cities.services.demo import load_demo as load_demo_cities
from cities.services.reference import load_reference
from governance.models.organisation import Duty, Group
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.files import files_of
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person, join, make_city, make_organisation, make_user
from tests.activities.matrix import make_lesson, make_news, make_product

pytestmark = pytest.mark.django_db

LIST_QUERIES = 4
NEWS_QUERIES = 2
VALUES = {"kind": "guide", "title": "Handreiking", "summary": "Voor projectleiders."}


@pytest.fixture
def team() -> Person:
    return Cast().person("team")


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def test_from_draft_to_withdrawn(team: Person) -> None:
    step = TransitionStep.objects.create(code="act", label_nl="Doen", label_en="Act")
    lesson, hidden = make_lesson(team.cast.other, "published"), make_lesson(team.cast.other)
    made = services.create_product(
        actor=team.user, organisation=team.own, product=Product(**VALUES, steps=[step], lessons=[lesson])
    )
    made.lessons.add(hidden)
    with pytest.raises(TransitionRefused):
        services.move_product(actor=team.user, record=made, step="publish")
    changed = Product(**VALUES, url="https://voorbeeld.example/gids", lessons=[lesson])
    services.change_product(actor=team.user, record=made, version=1, product=changed)
    assert {one.pk for one in made.lessons.all()} == {lesson.pk, hidden.pk}
    with pytest.raises(EditConflict):
        services.change_product(actor=team.user, record=made, version=1, product=Product(**VALUES))
    services.move_product(actor=team.user, record=made, step="publish")
    assert KnowledgeProduct.objects.visible_to(None).filter(pk=made.pk).exists()
    services.move_product(actor=team.user, record=made, step="withdraw", reason="Verouderd")
    assert not KnowledgeProduct.objects.visible_to(None).filter(pk=made.pk).exists()
    with pytest.raises(NotAllowed):
        services.discard_product(actor=team.user, record=made)


def test_who_may_not(team: Person) -> None:
    product, draft = make_product(team.cast.other, "published"), make_product(team.cast.other)
    for role in ("member", "signatory", "steering", "partner"):
        person = team.cast.person(role)
        with pytest.raises(NotAllowed):
            services.change_product(actor=person.user, record=product, version=1, product=Product(**VALUES))
        with pytest.raises(NotAllowed):
            services.create_product(actor=person.user, organisation=team.cast.other, product=Product(**VALUES))
        with pytest.raises(NotAllowed):
            news_services.create_news(actor=person.user, organisation=person.own or team.own, title="x", text="x")
    coordinator = team.cast.person("coordinator")
    with pytest.raises(NotAllowed):
        services.discard_product(actor=coordinator.user, record=draft)
    with pytest.raises(NotAllowed):
        news_services.create_news(actor=coordinator.user, organisation=team.own, title="x", text="x")


def test_pages_of_a_product(team: Person) -> None:
    client, lesson = client_of(team), make_lesson(team.cast.other, "published", title="Eén aanbesteding")
    page = client.get("/lessen/kennisproducten/nieuw/")
    assert page.context["form"]["organisation"].value() == team.own.pk
    values = {**VALUES, "organisation": team.own.pk, "lessons": [lesson.public_id]}
    wrong = client.post("/lessen/kennisproducten/nieuw/", values | {"url": "javascript:alert(1)", "kind": "x"})
    assert sorted(wrong.context["form"].errors) == ["kind", "url"]
    client.post("/lessen/kennisproducten/nieuw/", values)
    product = KnowledgeProduct.objects.get()
    base = product.get_absolute_url()
    assert Client().get(base).status_code == 404
    upload = SimpleUploadedFile("gids.txt", b"Zo doe je dat.")
    client.post(f"{base}bestanden/", {"file": upload})
    client.post(f"{base}publish/")
    (stored,) = files_of(product)
    text = Client().get(base).content.decode()
    assert "gids.txt" in text
    assert "Eén aanbesteding" in text
    assert client.post(f"{base}bestanden/{stored.public_id}/weg/").status_code == 403
    assert product.title in Client().get(lesson.get_absolute_url()).content.decode()
    assert client.post(f"{base}bewerken/", values | {"title": "Nieuw", "version": 7}).status_code == 409
    client.post(f"{base}bewerken/", values | {"title": "Nieuw", "version": 1})
    assert "Nieuw" in Client().get("/lessen/kennisproducten/?q=nieuw&soort=guide").content.decode()
    assert client.get(f"{base}withdraw/").status_code == 200
    client.post(f"{base}withdraw/", {"reason": "Verouderd"})
    assert Client().get(base).status_code == 404


def test_number_of_queries_of_the_lists(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    city = make_city()
    for number in (1, 2):
        for _more in range(number):
            make_product(city, "published")
            make_news(city, "published")
        with django_assert_num_queries(LIST_QUERIES):
            Client().get("/lessen/kennisproducten/")
        with django_assert_num_queries(NEWS_QUERIES):
            Client().get("/nieuws/")


def test_news_by_its_editors(team: Person) -> None:
    editor = team.cast.person("publisher")
    client = client_of(editor)
    values = {"organisation": editor.own.pk, "title": "Handreiking uit", "text": "Lees hem.", "url": "//kwaad.nl"}
    assert list(client.post("/nieuws/nieuw/", values).context["form"].errors) == ["url"]
    client.post("/nieuws/nieuw/", values | {"url": "/lessen/"})
    news = News.objects.get()
    base = news.get_absolute_url()
    assert Client().get(base).status_code == 404
    assert client_of(team).get("/nieuws/nieuw/").status_code == 403
    client.post(f"{base}bewerken/", values | {"url": "", "title": "Nu uit", "version": 1})
    assert client.post(f"{base}bewerken/", values | {"url": "", "version": 1}).status_code == 409
    client.post(f"{base}publish/")
    assert "Nu uit" in Client().get(base).content.decode()
    assert "Nu uit" in Client().get("/").content.decode()
    (item,) = registrations.published_news(team.user, timezone.now() - timedelta(days=1))
    assert item.text == "Nu uit"
    client_of(team.cast.person("coordinator")).post(f"{base}withdraw/", {"reason": "Dubbel"})
    assert Client().get(base).status_code == 404
    draft = make_news(editor.own)
    client.post(f"{draft.get_absolute_url()}weggooien/")
    assert list(News.objects.all()) == [news]


def test_what_products_add_elsewhere(team: Person) -> None:
    step = TransitionStep.objects.create(code="act", label_nl="Doen", label_en="Act")
    draft, published = make_product(team.own, created_by=team.user), make_product(team.cast.other, "published")
    published.steps.add(step)
    (item,) = registrations.products_that_wait(team.user)
    assert item.url == draft.get_absolute_url()
    (told,) = registrations.published_products(team.user, timezone.now() - timedelta(days=1))
    assert told.url == published.get_absolute_url()
    section = registrations.products_at(None, step)
    assert section is not None
    assert section.context["products"] == [published]
    colleague = make_user()
    join(colleague, team.own)
    (held,) = registrations.drafts_of(team.user, team.own)
    assert held.titles == [draft.title]
    give_products(user=team.user, successor=colleague, organisation=team.own, actor=team.user)
    draft.refresh_from_db()
    assert draft.created_by == colleague


def test_demo_data_is_marked_and_comes_once() -> None:
    load_reference()
    load_demo_cities("small", 7)
    load_demo_lessons("small", 7)
    make_organisation(Group.UMBRELLA, duty=Duty.PUBLISHER)
    assert load_demo_products("small", 7) == ["demo: knowledge products 8", "demo: news 4"]
    assert KnowledgeProduct.objects.filter(is_illustrative=False).count() == 0
    load_demo_products("small", 7)
    assert (KnowledgeProduct.objects.count(), News.objects.count()) == (8, 4)
