from django.urls import path

from loftet.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.start, name="start"),
    path("klart/<int:pk>/", views.meet, name="meet"),
]
