"""Steps that have nothing to type: a button, and what comes of it."""

from django.contrib import messages
from django.shortcuts import redirect

from campaign_portal.edges import Refused


def take(request, step, page, *, then, said=""):
    """Take a step, say so and go on to `then` (a redirect's arguments). Refused, `page()` shows the page on which the user
    was, with the sentence, as 409."""
    try:
        step()
    except Refused as error:
        return refused(request, error, page)
    if said:
        messages.success(request, said)
    return redirect(*then)


def refused(request, error, page):
    """`page()` with the sentence of a refusal, as 409."""
    messages.error(request, str(error))
    response = page()
    response.status_code = 409
    return response
