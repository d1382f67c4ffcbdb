from django.views.decorators.http import require_POST

from campaign_portal.accounts import access
from campaign_portal.sheets.views import export_response

from ..sheets import LEDGER
from .ledger import READERS


@access.allow(*READERS)
@require_POST
def ledger_export(request):
    """The filtered ledger as .xlsx, in its order."""
    return export_response(request, LEDGER)
