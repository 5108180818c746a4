from django.apps import AppConfig


class PromiseConfig(AppConfig):
    name = "loftet.promise"
    default_auto_field = "django.db.models.BigAutoField"
