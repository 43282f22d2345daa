from django.http import Http404


def article_list(request, *args, **kwargs):
    raise Http404


def article(request, *args, **kwargs):
    raise Http404
