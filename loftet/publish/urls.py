from django.urls import path

from loftet.publish import views

app_name = "publish"
urlpatterns = [
    path("", views.home, name="home"),
    path("medborgarlofte/<slug:period>/", views.pledge, name="pledge"),
    path("medborgarlofte/<slug:period>/utgava/<int:number>/", views.pledge, name="pledge_edition"),
    path("medborgarlofte/<slug:period>/<slug:code>/", views.commitment, name="commitment"),
    path("sa-gick-det/", views.followups, name="followups"),
    path("sa-gick-det/<slug:period>/", views.followup, name="followup"),
    path("sa-gick-det/<slug:period>/utgava/<int:number>/", views.followup, name="followup_edition"),
    path(
        "data/<slug:kind>/<slug:period>/<int:number>.json", views.edition_data, name="edition_data"
    ),
    path("sa-arbetar-vi/", views.how_we_work, name="how_we_work"),
    path("tillganglighet/", views.accessibility, name="accessibility"),
    path("flode.xml", views.feed, name="feed"),
    path("robots.txt", views.robots, name="robots"),
]
