"""Addresses of the roadmap."""

from django.urls import path

from cities.views import roadmap, roadmap_similar, roadmap_texts

urlpatterns = [
    path("routekaart/", roadmap.index, name="roadmap"),
    path("routekaart/vergelijkbaar/", roadmap_similar.mine, name="roadmap_similar_mine"),
    path("routekaart/gemeente/<gm:code>/", roadmap.city_page, name="roadmap_city"),
    path("routekaart/gemeente/<gm:code>/vergelijkbaar/", roadmap_similar.similar, name="roadmap_similar"),
    path("routekaart/gemeente/<gm:code>/klopt-nog/", roadmap.confirm, name="roadmap_confirm"),
    path("routekaart/gemeente/<gm:code>/bijwerken/", roadmap.edit, name="roadmap_edit"),
    path("routekaart/gemeente/<gm:code>/bewaren/", roadmap.autosave, name="roadmap_autosave"),
    path("routekaart/gemeente/<gm:code>/bijwerken/<slug:step>/", roadmap.edit, name="roadmap_edit_step"),
    path("routekaart/gemeente/<gm:code>/bewaren/<slug:step>/", roadmap.autosave, name="roadmap_autosave_step"),
    path("routekaart/bouwstenen/<slug:code>/", roadmap_texts.edit_block, name="roadmap_block_edit"),
    path("routekaart/<slug:code>/", roadmap.step_page, name="roadmap_step"),
    path("routekaart/<slug:code>/teksten/", roadmap_texts.edit_step, name="roadmap_step_edit"),
    path("routekaart/<slug:code>/bouwsteen/", roadmap_texts.new_block, name="roadmap_block_new"),
]
