from django.http import FileResponse, HttpResponseNotModified


def send_file(request, stored, *, thumbnail=False):
    """A stored file as a response. The caller has checked the rights through the row that owns it.

    Pictures are shown in the page (they were written by us); everything else is a download. Bytes never change under
    a digest, so a browser that has them keeps them, in its own cache only.
    """
    tag = f'"{stored.thumbnail_sha256 if thumbnail else stored.sha256}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    response = FileResponse(
        stored.open(thumbnail=thumbnail),
        content_type=stored.content_type,
        as_attachment=not stored.is_picture,
        filename=stored.name,
    )
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
