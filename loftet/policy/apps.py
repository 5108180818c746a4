from django.apps import AppConfig
from django.core.checks import register


class PolicyConfig(AppConfig):
    name = "loftet.policy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from loftet.policy.checks import every_table_has_a_rule, policy_can_be_read  # noqa: PLC0415

        register(policy_can_be_read)
        register(every_table_has_a_rule)
