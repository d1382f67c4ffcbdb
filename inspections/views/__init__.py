from .acts import act_views, request_decide
from .bulk import bulk_views
from .entry import register, report, reported
from .figures import figures
from .hazard import attachment, hazard_attach, hazard_comment, hazard_page, hazard_panel, hazard_proxy_read, photo
from .ledger import ledger, pack
from .print import ledger_print
from .sheets import ledger_export

__all__ = [
    "act_views",
    "attachment",
    "bulk_views",
    "figures",
    "hazard_attach",
    "hazard_comment",
    "hazard_page",
    "hazard_panel",
    "hazard_proxy_read",
    "ledger",
    "ledger_print",
    "ledger_export",
    "pack",
    "photo",
    "register",
    "report",
    "reported",
    "request_decide",
]
