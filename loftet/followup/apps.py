from django.apps import AppConfig


class FollowupConfig(AppConfig):
    name = "loftet.followup"
    default_auto_field = "django.db.models.BigAutoField"
