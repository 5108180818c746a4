from django.urls import path

from loftet.map import views

app_name = "map"
urlpatterns = [
    path("", views.indicators, name="indicators"),
    path("ny/", views.add_indicator, name="add_indicator"),
    path("<slug:code>/", views.indicator, name="indicator"),
    path("<slug:code>/ny/", views.add_reading, name="add_reading"),
    path("matning/<int:pk>/ratta/", views.correct_reading, name="correct_reading"),
]
