from django.apps import AppConfig


class ListenConfig(AppConfig):
    name = "loftet.listen"
    default_auto_field = "django.db.models.BigAutoField"
