"""Error pages. Each says in a sentence what happened and where to go; the log has the line."""

from django.shortcuts import render

from campaign_portal.accounts import access
from campaign_portal.audit.context import current
from campaign_portal.files import outbox


def _page(request, status, title, sentence):
    if outbox.key_of(request):
        return outbox.refused([sentence], status=status)
    context = {"title": title, "sentence": sentence, "request_id": current().id}
    return render(request, "error.html", context, status=status)


@access.open_to_all
def bad_request(request, exception=None):
    return _page(request, 400, "请求不完整", "上传可能中途断了，或内容有误。请返回上一页重试，已填的内容还在。")


@access.open_to_all
def forbidden(request, exception=None):
    return _page(request, 403, "没有权限", str(exception) or "您的岗位不能使用这个页面。")


@access.open_to_all
def not_found(request, exception=None):
    return _page(request, 404, "没有找到", "这个页面不存在，或不在您的管理范围内。")


@access.open_to_all
def server_error(request):
    return _page(request, 500, "程序出错了", "问题已记入日志。请稍后重试；还不行，请把下面的编号告诉管理员。")


@access.open_to_all
def csrf_failure(request, reason=""):
    return _page(request, 403, "页面已过期", "请返回上一页刷新后重新提交。已填的内容一般还在。")
