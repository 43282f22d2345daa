"""The response when a page could not be made: 503 while the database is unavailable, 500 otherwise.

Neither needs anything that may have caused the error: database, template context or manifest of static files.
"""

import sys

from django.http import HttpRequest, HttpResponse

from comparisons.views import errors

#: Seconds after which a reader or a crawler may try again.
RETRY_AFTER = 30

UNAVAILABLE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Back in a moment</title>
</head>
<body>
<main>
<h1>Back in a moment</h1>
<p>The knowledge base cannot be read right now. Nothing is lost; please try again in half a minute.</p>
</main>
</body>
</html>
"""


def server_error(request: HttpRequest) -> HttpResponse:
    """The response to an exception that was not caught; Django calls this while it handles the exception."""
    error = sys.exc_info()[1]
    if errors.is_unavailable(error):
        headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
        response = HttpResponse(UNAVAILABLE, status=503, headers=headers)
        errors.log_unavailable(error, response)
        return response
    return errors.server_error(request)
