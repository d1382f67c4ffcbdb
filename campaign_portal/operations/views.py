import logging

from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaign_portal.accounts import access

from . import readiness

log = logging.getLogger(__name__)
_last_said = {}


@access.open_to_all
@never_cache
@require_safe
def alive(request):
    """This process answers. Whether it can work is the other question."""
    return JsonResponse({"alive": True})


@access.open_to_all
@never_cache
@require_safe
def ready(request):
    """Whether this process has all it needs: 200 or 503, and what is missing. Logged only when the answer changes."""
    said = readiness.look()
    is_ready = all(word == readiness.OK for word in said.values())
    if said != _last_said.get("ready", said if is_ready else None):
        log.log(logging.INFO if is_ready else logging.WARNING, "readiness: %s", said)
    _last_said["ready"] = said
    return JsonResponse({"ready": is_ready} | said, status=200 if is_ready else 503)
