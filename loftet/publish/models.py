from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from loftet.core import triggers
from loftet.core.texts import Bilingual

FROZEN = triggers.Frozen(
    "publish_edition", "kind = NEW.kind AND period = NEW.period AND number = NEW.number"
)


class EditionQuerySet(models.QuerySet["Edition"]):
    def newest(self) -> EditionQuerySet:
        """The edition in force of each page: the highest number of its kind and period."""
        later = EditionQuerySet(Edition).filter(
            kind=models.OuterRef("kind"),
            period=models.OuterRef("period"),
            number__gt=models.OuterRef("number"),
        )
        return self.filter(~models.Exists(later))

    def of(self, kind: str, period: str) -> EditionQuerySet:
        """All of one page, newest first."""
        return self.filter(kind=kind, period=period)

    def pledges(self) -> EditionQuerySet:
        return self.filter(kind=Edition.Kind.PLEDGE)

    def followups(self) -> EditionQuerySet:
        return self.filter(kind=Edition.Kind.FOLLOWUP)


class Edition(models.Model):
    """What was published, word for word; never changed, only followed by the next."""

    class Kind(models.TextChoices):
        PLEDGE = "pledge", _("pledge")
        FOLLOWUP = "followup", _("follow-up")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    period = models.SlugField(_("address"), max_length=60)
    number = models.PositiveIntegerField(_("edition"))
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    content = models.JSONField(_("content"))
    digest = models.CharField(_("digest"), max_length=64)
    reason_sv = models.CharField(_("what is new, in Swedish"), max_length=300)
    reason_en = models.CharField(_("what is new, in English"), max_length=300, blank=True)
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("published by"),
    )

    reason = Bilingual()
    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts", "period", "kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "period", "number"], name="edition_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period}, {self.number}"

    def get_absolute_url(self) -> str:
        name = "pledge_edition" if self.kind == self.Kind.PLEDGE else "followup_edition"
        return reverse(f"publish:{name}", args=[self.period, self.number])

    @property
    def intact(self) -> bool:
        return self.digest == digest(self.content)


def canonical(content: dict[str, Any]) -> bytes:
    """The bytes that the digest is of, the same on every machine."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()
