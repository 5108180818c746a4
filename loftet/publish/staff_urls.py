from django.urls import path

from loftet.publish import staff

app_name = "publishing"
urlpatterns = [
    path("", staff.pledges, name="pledges"),
    path("genomlast/", staff.review, name="review"),
    path("<slug:kind>/<slug:period>/", staff.publish, name="publish"),
]
