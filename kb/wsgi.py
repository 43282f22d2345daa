"""The WSGI entry point. It refuses to start with unsafe settings."""

import os
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from .bodies import Bodies
from .databases import limit_waiting
from .entrance import Entrance
from .env import threads
from .streams import Streams

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")

# A WSGI server runs no system checks, so those that must pass run here.
from comparisons.maintenance.system_checks import refuse_unsafe

refuse_unsafe()

limit_waiting(settings.DATABASES)

application: Any = Streams(get_wsgi_application())
if settings.KEEP_PAGES and not settings.DEBUG:
    # Only now, since it needs the app's models.
    from kb.front import Front

    application = Front(application)
application = Entrance(Bodies(application, threads()))
