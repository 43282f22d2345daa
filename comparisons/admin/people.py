"""Users and their groups: the stock pages, with fields that have a label for screen readers.

The two boxes of a horizontal filter have no label of their own; a plain multiple select has one.
"""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User

from .pages import PagesAdmin

admin.site.unregister([User, Group])


@admin.register(User)
class PersonAdmin(PagesAdmin, UserAdmin):
    change_list_template = "admin/comparisons/change_list.html"
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")  # the site keeps them


@admin.register(Group)
class RoleAdmin(PagesAdmin, GroupAdmin):
    change_list_template = "admin/comparisons/change_list.html"
    filter_horizontal = ()
