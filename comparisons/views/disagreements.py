from django.http import Http404


def disagreement_list(request, *args, **kwargs):
    raise Http404
