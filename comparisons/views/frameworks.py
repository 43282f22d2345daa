from django.http import Http404


def framework_list(request, *args, **kwargs):
    raise Http404


def framework(request, *args, **kwargs):
    raise Http404


def cell(request, *args, **kwargs):
    raise Http404
