from django.urls import path

from loftet.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.start, name="start"),
    path("logg/", views.log_lines, name="log"),
    path("klart/<int:pk>/", views.meet, name="meet"),
]
