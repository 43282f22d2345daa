"""Static files whose names contain a hash of their content, compressed when they are collected."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, which also rewrites `import` in JavaScript modules to the hashed names."""

    support_js_module_import_aggregation = True

    def load_manifest(self) -> Any:
        """The hashed names, and a hash of all; none if their list is cut off, as on a full disk: collect anew then."""
        try:
            return super().load_manifest()
        except ValueError:
            return {}, ""
