"""The subscription page, and the feed itself."""

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from campaign_portal.accounts import access
from campaign_portal.edges import Refused

from . import services
from .feed import feed_of, tag_of
from .feed_address import FeedAddress
from .mine import HORIZON
from .views import ACTORS, pages_for


@access.allow(*ACTORS)
def subscription(request):
    address = FeedAddress.objects.filter(user=request.user).first()
    return render(request, "deadlines/subscription.html", _context(request, address=address))


@access.allow(*ACTORS)
@never_cache
@require_POST
def subscription_new(request):
    """The address is shown this once: of its secret only a hash is kept."""
    token = services.make_feed_address(by=request.user)
    url = request.build_absolute_uri(reverse("deadlines:feed", args=[token]))
    webcal = f"webcal:{url.partition(':')[2]}"  # what a phone's camera hands to its calendar rather than to its browser
    qr = mark_safe(segno.make(webcal, error="m").svg_inline(border=2, omitsize=True))  # segno's own drawing
    return render(request, "deadlines/subscription.html", _context(request, told=url, webcal=webcal, qr=qr))


@access.allow(*ACTORS)
@require_POST
def subscription_end(request):
    try:
        services.end_feed_address(by=request.user)
    except Refused as error:
        return render(request, "deadlines/subscription.html", _context(request, refusal=str(error)), status=409)
    messages.success(request, "订阅地址已停用，用过它的日历不再更新。")
    return redirect("deadlines:subscription")


def _context(request, **shown):
    empty = {"address": None, "told": "", "webcal": "", "qr": "", "refusal": ""}
    return {"pages": pages_for(request.user), "here": "subscription", "horizon": HORIZON} | empty | shown


@access.open_to_all
@require_safe
def feed(request, token):
    """A calendar program has no session: the secret in the address says whose it is. Reads only."""
    address = FeedAddress.objects.of_token(token)
    if address is None:
        raise Http404
    content = feed_of(address.user, root=request.build_absolute_uri("/"))
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    response["ETag"] = tag_of(content)
    patch_cache_control(response, private=True, max_age=600)
    return get_conditional_response(request, etag=response["ETag"], response=response)
