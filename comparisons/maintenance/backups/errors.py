"""What stops a backup or a restore."""


class BackupRefused(Exception):
    """Nothing was changed; the message says why, and what to do."""
