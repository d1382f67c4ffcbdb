"""What a phone keeps of the portal for when it has no signal: the service worker, the manifest, the page 待发送."""

from django.conf import settings
from django.http import FileResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaign_portal.accounts import access

from .outbox import allow_offline
from .views import UPLOADERS


@access.open_to_all
@never_cache
@require_safe
def service_worker(request):
    """static/sw.js at the root: a worker answers only for addresses below its own, and must not be cached itself."""
    script = (settings.BASE_DIR / "static" / "sw.js").open("rb")
    return FileResponse(script, content_type="text/javascript", headers={"Service-Worker-Allowed": "/"})


@access.open_to_all
@require_safe
def manifest(request):
    """Lets the portal be put on a phone's home screen."""
    icon = {"src": static("favicon.svg"), "sizes": "any", "type": "image/svg+xml"}
    return JsonResponse(
        {
            "name": "养老机构专项行动",
            "short_name": "专项行动",
            "lang": "zh-CN",
            "start_url": "/",
            "display": "standalone",
            "theme_color": "#1a4f9c",
            "background_color": "#f3f5f9",
            "icons": [icon],
        },
        content_type="application/manifest+json",
    )


@access.allow(*UPLOADERS)
@require_safe
def outbox(request):
    """What waits on this phone to be sent. Only the phone knows; static/outbox.js fills it in."""
    return allow_offline(render(request, "outbox.html"))
