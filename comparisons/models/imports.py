"""Files of claims that wait for import. Not content: a file is deleted when it has been imported, or after a day."""

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ClaimImportQuerySet(models.QuerySet):
    def waiting(self) -> "ClaimImportQuerySet":
        """Files that can still be imported."""
        return self.filter(created_at__gt=timezone.now() - ClaimImport.KEPT)

    def expired(self) -> "ClaimImportQuerySet":
        return self.filter(created_at__lte=timezone.now() - ClaimImport.KEPT)


class ClaimImport(models.Model):
    """A file that an editor uploaded, between its preview and its import. Stored here so that any process finds it."""

    #: How long a file waits, and how many files of one editor may wait at a time.
    KEPT = timedelta(days=1)
    MOST = 5

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="claim_imports", verbose_name=_("owner")
    )
    name = models.CharField(_("name of the file"), max_length=100)
    format = models.CharField(_("format"), max_length=4)
    content = models.BinaryField(_("content"))
    created_at = models.DateTimeField(_("sent at"), default=timezone.now)

    objects: ClassVar[Any] = ClaimImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of claims")
        verbose_name_plural = _("imports of claims")
        ordering = ["-created_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
