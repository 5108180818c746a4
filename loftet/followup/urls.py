from django.urls import path

from loftet.followup import views

app_name = "followup"
urlpatterns = [
    path("", views.pledges, name="pledges"),
    path("<slug:period>/", views.pledge, name="pledge"),
    path("<slug:period>/<slug:code>/", views.report, name="report"),
    path("<slug:period>/<slug:code>/underlag/", views.evidence, name="evidence"),
]
