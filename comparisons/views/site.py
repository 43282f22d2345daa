from django.http import Http404, HttpResponse


def home(request, *args, **kwargs):
    raise Http404


method = robots = security = home


def _page(status):
    return HttpResponse(f"<h1>{status}</h1>", status=status)


def bad_request(request, exception=None):
    return _page(400)


def permission_denied(request, exception=None):
    return _page(403)


def not_found(request, exception=None):
    return _page(404)


def server_error(request):
    return _page(500)
