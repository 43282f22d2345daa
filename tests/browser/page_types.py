"""One page of each type. Apart from the addresses, which are read without Django too."""

from django.urls import resolve

from .paths import PAGES

#: The first page of each type that PAGES names.
TYPES = list({resolve(page.path.partition("?")[0]).url_name: page for page in reversed(PAGES)}.values())
