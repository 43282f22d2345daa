from django.http import Http404


def criterion_list(request, *args, **kwargs):
    raise Http404


def criterion(request, *args, **kwargs):
    raise Http404
