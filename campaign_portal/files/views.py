from django.http import Http404, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from campaign_portal.accounts import access
from campaign_portal.accounts.access import OFFICERS, Role

from . import services
from .pictures import BadPicture
from .responses import send_file

UPLOADERS = (*OFFICERS, Role.HOME)


@access.allow(*UPLOADERS)
@require_POST
def picture_upload(request):
    """Take one picture ahead of its form. Answers {"token", "url"} or {"error"}; the form sends the token along."""
    upload = request.FILES.get("file")
    if upload is None:
        return JsonResponse({"error": "没有收到照片，请重新选择。"}, status=422)
    try:
        stored = services.store_picture(upload, by=request.user)
    except BadPicture as error:
        return JsonResponse({"error": str(error)}, status=422)
    token = services.token_for(stored)
    return JsonResponse({"token": token, "url": reverse("files:pending", args=[token])}, status=201)


@access.allow(*UPLOADERS)
def pending(request, token):
    """The thumbnail of a picture that waits for its form. Only its uploader sees it."""
    stored = services.from_token(token, by=request.user)
    if stored is None:
        raise Http404
    return send_file(request, stored, thumbnail=True)
