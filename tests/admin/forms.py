"""Read the form of an admin page as a browser would send it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.forms import Field, ModelChoiceField
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

#: What Django says of a field; the words are its own.
REQUIRED = str(Field.default_error_messages["required"])
NO_SUCH_CHOICE = str(ModelChoiceField.default_error_messages["invalid_choice"])


class _Form(HTMLParser):
    def __init__(self, form_id: str):
        super().__init__(convert_charrefs=True)
        self.form_id, self.inside = form_id, False
        self.data: dict[str, list[str]] = {}
        self.area = self.select = ""
        self.text = ""

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        attrs = dict(pairs)
        name = attrs.get("name") or ""
        if tag == "form":
            self.inside = attrs.get("id") == self.form_id
        if not self.inside:
            return
        if tag == "input" and name and attrs.get("type") not in ("submit", "button"):
            if attrs.get("type") not in ("checkbox", "radio") or "checked" in attrs:
                unnamed = "on" if "checked" in attrs else ""
                self.data.setdefault(name, []).append((attrs["value"] or "") if "value" in attrs else unnamed)
        elif tag == "textarea":
            self.area, self.text = name, ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in attrs:
            self.data.setdefault(self.select, []).append(attrs.get("value") or "")

    def handle_data(self, text: str) -> None:
        if self.area:
            self.text += text

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            self.data.setdefault(self.area, []).append(self.text.removeprefix("\n").removeprefix("\r\n"))
            self.area = ""
        elif tag == "form":
            self.inside = False


def fields(response: HttpResponse, form_id: str) -> dict[str, list[str]]:
    """What the form would send if nothing were changed, by name."""
    parser = _Form(form_id)
    parser.feed(response.content.decode())
    return {name: values for name, values in parser.data.items() if "__prefix__" not in name}


def change_url(row: Any, page: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def list_url(model: Any, page: str = "changelist") -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")


def opened(client: Client, row: Any) -> dict[str, Any]:
    """The change form of a row as this editor reads it now."""
    return dict(fields(client.get(change_url(row)), f"{row._meta.model_name}_form"))


def send(client: Client, row: Any, form: dict[str, Any], **changes: Any) -> HttpResponse:
    return client.post(change_url(row), {**form, **changes, "_continue": "1"})


def with_citation(form: dict[str, Any], article: Any, **values: Any) -> dict[str, Any]:
    """The form with one more citation, as the "add another" link makes it."""
    place = int(form["citations-TOTAL_FORMS"][0])
    row = {"article": article.pk, "stance": "supports", "says": "It says so.", "locator": "", "quote": "", **values}
    added = {f"citations-{place}-{name}": value for name, value in row.items()}
    return {**form, **added, "citations-TOTAL_FORMS": [str(place + 1)]}


def act(client: Client, model: Any, action: str, *rows: Any, **extra: Any) -> HttpResponse:
    """Run an action of the list on these rows, at their present versions."""
    now = model.objects.filter(pk__in=[row.pk for row in rows])
    seen = (
        {f"seen-{pk}": version for pk, version in now.values_list("pk", "version")} if hasattr(model, "version") else {}
    )
    data = {"action": action, "_selected_action": [row.pk for row in rows], **seen, **extra}
    return client.post(list_url(model), data, follow=True)


def messages_of(response: HttpResponse) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def text_of(response: HttpResponse) -> str:
    return response.content.decode()
