"""Answers to a phone's outbox (static/outbox.js), which sends forms later, perhaps twice, when nobody looks at a page.

Such a request carries `X-Portal-Outbox`, a UUID of the form sent, and `X-Portal-User`, whom the phone sends for. It is
answered in JSON: {"outcome": "done", "url", "said"} or {"outcome": "refused", "errors": [sentence, …]}.
"""

import uuid

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import render

from .models import Receipt


def key_of(request):
    """The key of the form that an outbox sends, or None for everybody else's request."""
    try:
        return uuid.UUID(request.headers.get("X-Portal-Outbox", ""))
    except ValueError:
        return None


def form_page(request, template, context, *, status=None):
    """The page of `context["form"]`; for the outbox only what is wrong with it. A phone may keep the empty page."""
    form = context["form"]
    status = status or (422 if form.errors else 200)
    if key_of(request) and form.errors:
        return refused(_sentences(form), status=status)
    response = render(request, template, context, status=status)
    if request.method == "GET" and form.is_multipart():
        allow_offline(response)
    return response


def allow_offline(response):
    """Let the service worker (static/sw.js) keep a copy of this page for when there is no connection."""
    response["X-Portal-Offline"] = "1"
    return response


def _sentences(form):
    return [
        error if name == "__all__" or f"“{form[name].label}”" in error else f"{form[name].label}：{error}"
        for name, errors in form.errors.items()
        for error in errors
    ]


def refused(errors, *, status):
    return JsonResponse({"outcome": "refused", "errors": errors}, status=status)


def done(receipt):
    return JsonResponse({"outcome": "done", "url": receipt.url, "said": receipt.said})


def earlier_receipt(request):
    return Receipt.objects.filter(key=key_of(request), user=request.user).first()


def settle(request, response, *, told_before):
    """A view that was content leads to another page. What it told the user decides whether it was content.

    `told_before` is how many messages from earlier requests were still unread.
    """
    told = messages.get_messages(request)
    said = list(told)[told_before:]
    told.used = False  # the person reads them too, on the next page
    if errors := [str(message) for message in said if message.level >= messages.ERROR]:
        return refused(errors, status=409)
    receipt, _ = Receipt.objects.get_or_create(
        key=key_of(request),
        user=request.user,
        defaults={"url": response.url[:300], "said": " ".join(map(str, said))},
    )
    return done(receipt)
