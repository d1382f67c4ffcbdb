from django.shortcuts import render
from django.utils.dateparse import parse_date

from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role

from .models import Event
from .recording import VERBS

PAGE = 50
PARAMETERS = ("who", "what", "verb", "since", "until", "before")


@access.allow(Role.BUREAU, duty="is_administrator")
def events(request):
    """The searchable log of a bureau's area: by person, object, verb, day; newest first, keyset pages."""
    rows = Event.objects.visible_to(request.user)
    get = {name: request.GET.get(name, "").replace("\0", "").strip() for name in PARAMETERS}
    if get["who"]:
        rows = rows.filter(actor_name__contains=get["who"])
    if get["what"]:
        rows = rows.filter(target_label__contains=get["what"])
    if get["verb"] in VERBS:
        rows = rows.filter(verb=get["verb"])
    if since := _date(get["since"]):
        rows = rows.filter(at__date__gte=since)
    if until := _date(get["until"]):
        rows = rows.filter(at__date__lte=until)
    if get["before"].isdecimal():
        rows = rows.filter(pk__lt=int(get["before"][:18]))
    page = list(rows[: PAGE + 1])
    context = {
        "events": page[:PAGE],
        "get": get,
        "is_filtered": any(get[name] for name in PARAMETERS if name != "before"),
        "verbs": sorted(VERBS.items(), key=lambda pair: pair[1]),
        "next_before": page[PAGE - 1].pk if len(page) > PAGE else None,
    }
    return render(request, "audit/events.html", context)


def _date(text):
    try:
        return parse_date(text)
    except ValueError:
        return None
