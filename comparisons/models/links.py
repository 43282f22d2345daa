"""What `check_links` knows about the addresses of articles. Machine data: in no fixture and no history."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import LinkTrouble
from comparisons.language.labels import choices

from .articles import Article
from .base import WebAddress, known, web_address


class LinkCheck(models.Model):
    """The last attempt to reach an article's address, and its failures since it last answered.

    `comparisons.links` alone writes it. The article itself holds the health of its link and when it was last checked.
    The row is about one address: it is deleted when the article gets another.
    """

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="link_check")
    url = WebAddress(_("address"))
    status = models.PositiveSmallIntegerField(
        _("status"), null=True, help_text=_("of the last answer, if there was one")
    )
    trouble = models.CharField(_("trouble"), max_length=11, choices=choices(LinkTrouble), blank=True, default="")
    failed_days = models.PositiveSmallIntegerField(
        _("days of failure"), default=0, help_text=_("different days on which it failed since it last answered")
    )
    failing_since = models.DateField(_("failing since"), null=True)
    failed_on = models.DateField(_("last failure"), null=True)
    moved_to = WebAddress(_("moved to"), help_text=_("where permanent redirects lead"))
    not_before = models.DateTimeField(
        _("not before"), null=True, help_text=_("when the host wants to be asked again at the earliest")
    )
    etag = models.CharField(max_length=200, blank=True, default="")
    last_modified = models.CharField(max_length=40, blank=True, default="")

    objects: ClassVar[models.Manager["LinkCheck"]] = models.Manager()

    class Meta:
        verbose_name = _("link check")
        verbose_name_plural = _("link checks")
        constraints = [
            known("trouble", LinkTrouble, "linkcheck_trouble_known", blank=True),
            web_address("moved_to", "linkcheck_moved_to_is_web"),
        ]

    def __str__(self) -> str:
        return self.url


class Lease(models.Model):
    """A lock on a job that only one process may do at a time; a holder that does not renew it loses it at `until`."""

    job = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=32, blank=True, default="", help_text="random; empty when it is free")
    until = models.DateTimeField()

    objects: ClassVar[models.Manager["Lease"]] = models.Manager()

    class Meta:
        verbose_name = "lease"
        verbose_name_plural = "leases"

    def __str__(self) -> str:
        return self.job
