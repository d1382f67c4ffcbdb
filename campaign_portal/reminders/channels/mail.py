"""E-mail by SMTP: plain text with simple HTML beside it."""

import smtplib
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.template.loader import render_to_string

from .. import wanted
from . import wording
from .errors import Failed, Unanswered, cause


def is_set_up():
    return bool(settings.EMAIL_HOST and settings.DEFAULT_FROM_EMAIL)


def send(attempt):
    if not is_set_up():
        raise Failed("没有设置邮件服务器。", is_down=True)
    letter = write(attempt)
    backend = EmailBackend(fail_silently=False)
    _open(backend)
    try:
        backend.send_messages([letter])
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error) from None
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _refusal(code, words) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Unanswered(f"邮件服务器没有答完：{cause(error)}。") from None
    except ValueError:
        raise Failed("邮箱地址或标题不合规定。", is_permanent=True) from None
    finally:
        with suppress(smtplib.SMTPException, OSError):  # it has been taken: how the line is closed changes nothing
            backend.close()
    return "邮件服务器已接收"


def _open(backend):
    """Nothing has been handed over yet: whatever goes wrong here, nothing has been sent."""
    try:
        backend.open()
    except smtplib.SMTPAuthenticationError as error:
        raise Failed(f"邮件服务器不认账号或口令（{error.smtp_code}）。", is_down=True) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Failed(f"连不上邮件服务器：{cause(error)}。", is_down=True) from None


def _refusal(code, words):
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return Failed(f"邮件服务器拒收：{code} {said}"[:300], is_permanent=code >= 500)


def write(attempt):
    """The letter of an attempt. A delivery keeps its Message-ID, so that a second copy can be told from a new letter."""
    delivery = attempt.delivery
    message = delivery.message
    lines = wanted.lines_of(message)
    host = urlsplit(settings.ADDRESS).hostname or "portal.invalid"
    letter = EmailMultiAlternatives(
        " ".join(wording.title_of(attempt).split()),
        wording.for_mail(attempt, lines),
        settings.DEFAULT_FROM_EMAIL,
        [delivery.address],
        headers={"Message-ID": f"<delivery-{delivery.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    context = {
        "attempt": attempt,
        "message": message,
        "lines": [line | {"href": wording.link(line["url"])} for line in lines],
        "href": wording.home_of(message),
    }
    letter.attach_alternative(render_to_string("reminders/mail.html", context), "text/html")
    return letter
