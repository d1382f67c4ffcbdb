"""What leaves the portal, in words. A text that may be a second one says so first."""

from django.conf import settings

MAYBE_AGAIN = "【可能重复】"
AGAIN_SENTENCE = "这封邮件可能已经发过：上一次发送后没有收到邮件服务器的回音。"
FOOT = "本邮件由平台自动发出，请勿直接回复。"
MOST_BYTES = 1900  # in a group chat; WeCom takes 2048
MOST_SMS = 200  # characters


def title_of(attempt):
    """The title, marked if an earlier attempt got no answer."""
    title = attempt.delivery.message.title
    return f"{MAYBE_AGAIN}{title}" if attempt.is_repeat else title


def link(path):
    """A path in the portal as an address that can be clicked anywhere; "" where the portal's own address is not set."""
    return f"{settings.ADDRESS.rstrip('/')}{path}" if settings.ADDRESS and path else ""


def home_of(message):
    """Where a message leads."""
    if message.url:
        return link(message.url)
    return link(message.get_absolute_url() if message.user_id else "/")


def for_group(attempt, lines):
    """Title, what it is about and by when: neither notes nor the text, in which a person could be named."""
    message = attempt.delivery.message
    head, foot = title_of(attempt), home_of(message)
    room = MOST_BYTES - len(f"{head}\n……共 {len(lines)} 项\n{foot}\n".encode())
    words = [head]
    for line in lines:
        word = f"· {line['title']}{_due(line)}"
        room -= len(word.encode()) + 1
        if room < 0:
            words.append(f"……共 {len(lines)} 项")
            break
        words.append(word)
    return "\n".join([*words, foot]).strip()


def for_mail(attempt, lines):
    """All of it as plain text, every line with the address that it leads to."""
    message = attempt.delivery.message
    parts = [f"{message.user.name}：" if message.user_id else "", f"{AGAIN_SENTENCE}\n" if attempt.is_repeat else ""]
    parts += [message.text, *(_paragraph(number, line) for number, line in enumerate(lines, 1))]
    parts += [f"在平台上查看：{home}" if (home := home_of(message)) else "", FOOT]
    return "\n\n".join(part for part in parts if part)


def _paragraph(number, line):
    due = f"期限 {line['due_on']}" if line["due_on"] else ""
    beside = "　".join(part for part in (line["kind"], due, line["note"]) if part)
    return "\n".join(part for part in (f"{number}. {line['title']}", beside, link(line["url"])) if part)


def for_phone(attempt, lines):
    """One short text."""
    message = attempt.delivery.message
    about = message.text or "；".join(f"{line['title']}{_due(line)}" for line in lines)
    text = f"{title_of(attempt)}：{about}" if about else title_of(attempt)
    text = " ".join(text.split())
    return text if len(text) <= MOST_SMS else f"{text[: MOST_SMS - 1]}…"


def _due(line):
    return f"（{line['due_on']}）" if line.get("due_on") else ""
