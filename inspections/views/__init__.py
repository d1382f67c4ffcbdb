from .acts import act_views, request_decide, verify_many
from .entry import register, report, reported
from .hazard import attachment, hazard_attach, hazard_comment, hazard_page, hazard_panel, hazard_proxy_read, photo
from .ledger import ledger, pack

__all__ = [
    "act_views",
    "attachment",
    "hazard_attach",
    "hazard_comment",
    "hazard_page",
    "hazard_panel",
    "hazard_proxy_read",
    "ledger",
    "pack",
    "photo",
    "register",
    "report",
    "reported",
    "request_decide",
    "verify_many",
]
