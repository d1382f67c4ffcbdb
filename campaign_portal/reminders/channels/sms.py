"""SMS by whatever gateway the county has: method, headers, body and the sign of success are settings."""

import json
import re
from urllib.parse import quote

from django.conf import settings

from .. import wanted
from . import safe_http, wording
from .errors import Failed


def is_set_up():
    return bool(settings.SMS_URL)


def send(attempt):
    if not is_set_up():
        raise Failed("没有设置短信网关。", is_down=True)
    delivery = attempt.delivery
    text = wording.for_phone(attempt, wanted.lines_of(delivery.message))
    headers = dict(pair.split(":", 1) for pair in settings.SMS_HEADERS.split("|") if ":" in pair)
    headers = {name.strip(): value.strip() for name, value in headers.items()}
    url = _filled(settings.SMS_URL, delivery.address, text, _in_query)
    body = _filled(settings.SMS_BODY, delivery.address, text, _escaping(headers))
    sent = None if settings.SMS_METHOD == "GET" else body.encode()
    answer = safe_http.call(settings.SMS_METHOD, url, headers=headers, body=sent)
    if not _is_success(answer):
        raise Failed(f"短信网关没有接收：{answer.text}"[:300])
    return f"短信网关已接收：{answer.text}"[:300]


def _filled(template, phone, text, escape):
    """The template with both words in it; escaped, so that no text can end a field and begin another one."""
    return re.sub(r"\{(phone|text)\}", lambda match: escape({"phone": phone, "text": text}[match[1]]), template)


def _escaping(headers):
    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    return _in_json if "json" in kind else _in_query


def _in_json(word):
    return json.dumps(word, ensure_ascii=False)[1:-1]


def _in_query(word):
    return quote(word, safe="")


def _is_success(answer):
    """`code=0` looks into the JSON answer (`data.code=0` deeper), anything else is a text that must stand in it."""
    wanted_answer = settings.SMS_SUCCESS
    path, is_path, value = wanted_answer.partition("=")
    if not is_path:
        return wanted_answer in answer.text
    found = answer.json()
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return str(found) == value
