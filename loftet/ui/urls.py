from django.urls import path

from loftet.ui import views

app_name = "ui"
urlpatterns = [path("", views.components, name="components")]
