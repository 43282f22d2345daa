"""Earlier states of a record, and the button that puts one back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse


def state_url(entry: Any) -> str:
    name = f"admin:comparisons_{entry.instance_type._meta.model_name}_simple_history"
    return reverse(name, args=[entry.id, entry.history_id])


def first(row: Any) -> Any:
    return row.history.order_by("history_id").first()


def put_back(client: Client, entry: Any, **values: Any) -> HttpResponse:
    """Press the button of the page of this state as it stands now."""
    row = entry.instance_type.objects.get(pk=entry.id)
    return client.post(state_url(entry), {"read_version": row.version, **values}, follow=True)


def changed(row: Any, **values: Any) -> Any:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row
