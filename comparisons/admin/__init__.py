"""The admin: where editors work. Thin edges over the models and comparisons/services.py."""

from . import articles, catalogue, claims, judgement, moving, pages, people  # noqa: F401
