"""Start-up checks of this project, beside Django's own."""
