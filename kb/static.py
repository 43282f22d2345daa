"""Static files under names that carry a hash of their content, compressed once when they are collected."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """As WhiteNoise has it; `import` in a JavaScript module leads to the hashed name too."""

    support_js_module_import_aggregation = True
