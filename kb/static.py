"""Static files whose names contain a hash of their content, compressed when they are collected."""

from typing import Any

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, which also rewrites `import` in JavaScript modules to the hashed names."""

    support_js_module_import_aggregation = True

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._addresses: dict[str, str] = {}

    def url(self, name: str | None, force: bool = False) -> str:
        """The address of a file, worked out once: a page names some fifteen."""
        if settings.DEBUG or force or name is None:
            return super().url(name, force)
        address = self._addresses.get(name)
        if address is None:
            address = self._addresses[name] = super().url(name)
        return address

    def load_manifest(self) -> Any:
        """The hashed names, and a hash of all; none if their list is cut off, as on a full disk: collect anew then."""
        try:
            return super().load_manifest()
        except ValueError:
            return {}, ""
