"""Addresses of knowledge products and news."""

from django.urls import path

from activities.views import knowledge, news, newsletter

ONE = "lessen/kennisproducten/<pid:public_id>/"
LETTER = "nieuws/nieuwsbrief/<pid:public_id>/"
urlpatterns = [
    path("lessen/kennisproducten/", knowledge.product_list, name="products"),
    path("lessen/kennisproducten/nieuw/", knowledge.new, name="product_new"),
    path(ONE, knowledge.record, name="product"),
    path(f"{ONE}bewerken/", knowledge.edit, name="product_edit"),
    path(f"{ONE}bestanden/", knowledge.add_file, name="product_file"),
    path(f"{ONE}bestanden/<slug:file_id>/weg/", knowledge.remove_file, name="product_file_remove"),
    path(f"{ONE}weggooien/", knowledge.discard, name="product_discard"),
    path(f"{ONE}<slug:step>/", knowledge.move, name="product_move"),
    path("nieuws/", news.news_list, name="news"),
    path("nieuws/nieuw/", news.new, name="news_new"),
    path("nieuws/nieuwsbrief/", newsletter.letters, name="newsletters"),
    path(LETTER, newsletter.record, name="newsletter"),
    path(f"{LETTER}bewaren/", newsletter.autosave, name="newsletter_autosave"),
    path(f"{LETTER}voorbeeld/", newsletter.preview, name="newsletter_preview"),
    path(f"{LETTER}nieuwsbrief.html", newsletter.as_html, name="newsletter_html"),
    path(f"{LETTER}nieuwsbrief.txt", newsletter.as_text, name="newsletter_text"),
    path(f"{LETTER}verstuurd/", newsletter.send, name="newsletter_send"),
    path(f"{LETTER}toch-niet/", newsletter.reopen, name="newsletter_reopen"),
    path(f"{LETTER}weggooien/", newsletter.discard, name="newsletter_discard"),
    path("nieuws/<pid:public_id>/", news.record, name="news_item"),
    path("nieuws/<pid:public_id>/bewerken/", news.edit, name="news_edit"),
    path("nieuws/<pid:public_id>/<slug:step>/", news.move, name="news_move"),
]
