"""Static files whose names contain a hash of their content, compressed when they are collected."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, which also rewrites `import` in JavaScript modules to the hashed names."""

    support_js_module_import_aggregation = True
