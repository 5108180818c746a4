from django.apps import AppConfig
from django.core.checks import register


class CoreConfig(AppConfig):
    name = "loftet.core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from loftet.core.checks import policy_knows_the_roles  # noqa: PLC0415

        register(policy_knows_the_roles)
