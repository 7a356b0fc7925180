"""Addresses of knowledge products and news."""

from django.urls import path

from activities.views import knowledge, news

ONE = "lessen/kennisproducten/<pid:public_id>/"
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
    path("nieuws/<pid:public_id>/", news.record, name="news_item"),
    path("nieuws/<pid:public_id>/bewerken/", news.edit, name="news_edit"),
    path("nieuws/<pid:public_id>/<slug:step>/", news.move, name="news_move"),
]
