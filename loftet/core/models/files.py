from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Attachment(models.Model):
    """A file that someone added, checked and stripped of what it should not carry."""

    file = models.FileField(_("file"), upload_to="attachments", max_length=100)
    name = models.CharField(_("name"), max_length=200, help_text=_("As it was called when added."))
    media_type = models.CharField(
        _("type"), max_length=100, help_text=_("From the content, not from the name.")
    )
    size = models.PositiveBigIntegerField(_("size"), help_text=_("bytes, as stored"))
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.name
