from urllib.parse import unquote

from django.http import Http404, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from campaign_portal.accounts import access
from campaign_portal.accounts.access import OFFICERS, Role

from . import services, uploads
from .forms import PieceForm
from .models import Upload
from .pictures import MAX_BYTES, BadPicture
from .responses import send_file

UPLOADERS = (*OFFICERS, Role.HOME, Role.ASSOCIATION)


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
    return JsonResponse(_reference(stored), status=201)


def _reference(stored):
    """How a form names a stored picture, and where its thumbnail is."""
    token = services.token_for(stored)
    return {"token": token, "url": reverse("files:pending", args=[token])}


@access.allow(*UPLOADERS)
@never_cache
@require_http_methods(["GET", "HEAD", "PUT"])
def upload(request, key):
    """Take a picture piece by piece (PUT), or say how much of it has arrived (GET).

    A piece is the body; Upload-Offset, Upload-Length, Upload-Sha256 (of the whole) and Upload-Name (percent-encoded) are
    headers. Answers {"offset"}: where to go on; when all has arrived also {"token", "url", "sha256"}.

    409: the piece does not join on, go on at `offset`. 422: {"error"}, nothing is kept; with {"again": true} the bytes
    were damaged on the way and are to be sent from the start. 413: too large. 404: not this user's.
    """
    if request.method != "PUT":
        found = Upload.objects.select_related("stored").filter(key=key).first()
        return _how_far(_own(found, request.user) if found else Upload())
    form = PieceForm(_announced(request))
    if not form.is_valid():
        return JsonResponse({"error": "上传的说明不完整，请刷新页面后重试。"}, status=422)
    if form.cleaned_data["size"] > MAX_BYTES or int(request.META.get("CONTENT_LENGTH") or 0) > uploads.MAX_PIECE:
        sentence = f"照片文件超过 {MAX_BYTES // 1024 // 1024} MB，太大了。请把手机相机的照片尺寸调小后重拍。"
        return JsonResponse({"error": sentence}, status=413)
    try:
        found = uploads.receive(key, uploads.Piece(data=request.body, **form.cleaned_data), by=request.user)
    except uploads.Gap as gap:
        return JsonResponse({"offset": gap.offset}, status=409)
    except uploads.Damaged as error:
        return JsonResponse({"error": str(error), "again": True}, status=422)
    except BadPicture as error:
        return JsonResponse({"error": str(error)}, status=422)
    return _how_far(found)


def _own(upload, user):
    if upload.uploaded_by_id != user.pk:
        raise Http404
    return upload


def _announced(request):
    head = request.headers
    return {
        "offset": head.get("Upload-Offset"),
        "size": head.get("Upload-Length"),
        "sha256": head.get("Upload-Sha256"),
        "name": unquote(head.get("Upload-Name", ""))[-120:],
    }


def _how_far(upload):
    if upload.stored is None:
        return JsonResponse({"offset": upload.received})
    return JsonResponse({"offset": upload.size, "sha256": upload.sha256, **_reference(upload.stored)})


@access.allow(*UPLOADERS)
def pending(request, token):
    """The thumbnail of a picture that waits for its form. Only its uploader sees it."""
    stored = services.from_token(token, by=request.user)
    if stored is None:
        raise Http404
    return send_file(request, stored, thumbnail=True)
