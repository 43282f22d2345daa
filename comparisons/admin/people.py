"""Users and their groups: the stock pages, with fields that have a label for screen readers.

The two boxes of a horizontal filter have no label of their own; a plain multiple select has one.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db import models
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext

from .pages import PagesAdmin

admin.site.unregister([User, Group])


class PermissionsChoiceField(ModelMultipleChoiceField):
    """Permissions, whose names in the database are written with the nouns of the code, in those of the subject."""

    def label_from_instance(self, obj: models.Model) -> str:
        return f"{obj.content_type} | {gettext(obj.name)}"  # type: ignore[attr-defined]


class PermissionsInWords:
    """Pages of an admin on which permissions are chosen."""

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField[Any, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        if db_field.remote_field.model is Permission:
            kwargs["form_class"] = PermissionsChoiceField
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]


@admin.register(User)
class PersonAdmin(PermissionsInWords, PagesAdmin, UserAdmin):
    change_list_template = "admin/comparisons/change_list.html"
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")  # the site keeps them


@admin.register(Group)
class RoleAdmin(PermissionsInWords, PagesAdmin, GroupAdmin):
    change_list_template = "admin/comparisons/change_list.html"
    filter_horizontal = ()
