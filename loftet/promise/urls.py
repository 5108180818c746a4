from django.urls import path

from loftet.promise import views

app_name = "promise"
urlpatterns = [
    path("", views.pledges, name="pledges"),
    path("nytt/", views.add_pledge, name="add_pledge"),
    path("<slug:period>/", views.pledge, name="pledge"),
    path("<slug:period>/text/", views.edit_pledge, name="edit_pledge"),
    path("<slug:period>/steg/<slug:to>/", views.move, name="move"),
    path("<slug:period>/underteckna/", views.sign, name="sign"),
    path("<slug:period>/forlang/", views.prolong, name="prolong"),
    path("<slug:period>/lofte/nytt/", views.add_commitment, name="add_commitment"),
    path("<slug:period>/lofte/<slug:code>/", views.edit_commitment, name="edit_commitment"),
    path(
        "<slug:period>/lofte/<slug:code>/ta-bort/",
        views.remove_commitment,
        name="remove_commitment",
    ),
]
