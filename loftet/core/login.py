from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_noop

OUR_WORDS = (gettext_noop("Email"),)  # in the catalogue, so that ours goes before allauth's


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """People are added by the administrator; nobody signs up."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False
