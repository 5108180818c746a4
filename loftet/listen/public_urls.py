from django.urls import path

from loftet.listen.views.answer.ending import receipt, review, saved
from loftet.listen.views.answer.entry import code, map_data, open_link, start
from loftet.listen.views.answer.pages import page

app_name = "answer"
urlpatterns = [
    path("", code, name="code"),
    path("karta.json", map_data, name="map"),
    path("borja/", start, name="start"),
    path("fraga/<slug:page>/", page, name="page"),
    path("granska/", review, name="review"),
    path("kvitto/", receipt, name="receipt"),
    path("sparat/", saved, name="saved"),
    path("<slug:wave>/", open_link, name="open"),  # the last one: the others are not its names
]
