"""Every change of a hazard. Each verb has the same shape: begin (lock, fresh?, allowed?), change, finish (save, history, audit)."""

from .rectifying import close_part, plan_work, send_back, submit_rectification, take_over
from .reporting import complete_report, register_finding, report_hazard
from .requests import ask_extension, ask_void, decide_request
from .rescheduling import lock_hazards, move_decisions, move_rechecks, move_verifications
from .steps import Stale, is_tentative, last_event, limits_for
from .talk import attach_document, confirm_proxy_read, say
from .verifying import (
    regrade,
    send_for_completion,
    set_liaison,
    share,
    verify_as_it_stands,
    verify_fixed,
    verify_hazard,
    void_report,
)

__all__ = [
    "Stale",
    "ask_extension",
    "ask_void",
    "attach_document",
    "close_part",
    "complete_report",
    "confirm_proxy_read",
    "decide_request",
    "is_tentative",
    "last_event",
    "limits_for",
    "lock_hazards",
    "move_decisions",
    "move_rechecks",
    "move_verifications",
    "plan_work",
    "regrade",
    "register_finding",
    "report_hazard",
    "say",
    "send_back",
    "send_for_completion",
    "set_liaison",
    "share",
    "submit_rectification",
    "take_over",
    "verify_fixed",
    "verify_as_it_stands",
    "verify_hazard",
    "void_report",
]
