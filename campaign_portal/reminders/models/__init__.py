from .messages import Attempt, Delivery, Message, Robot
from .people import Absence, Address, Mute
from .plan import PlanRun, Reminder
from .rules import ReminderRule, ReminderSettings

__all__ = [
    "Absence",
    "Address",
    "Attempt",
    "Delivery",
    "Message",
    "Mute",
    "PlanRun",
    "Reminder",
    "ReminderRule",
    "ReminderSettings",
    "Robot",
]
