from django.apps import AppConfig


class MapConfig(AppConfig):
    name = "loftet.map"
    default_auto_field = "django.db.models.BigAutoField"
