"""The admin of this project in place of the stock one."""

from django.contrib.admin.apps import AdminConfig


class Admin(AdminConfig):
    """The stock admin, whose first page is the editor's desk."""

    default_site = "comparisons.admin.site.DeskSite"
