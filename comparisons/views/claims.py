from django.http import Http404


def claim_list(request, *args, **kwargs):
    raise Http404


def claim(request, *args, **kwargs):
    raise Http404
