"""Read an official notice into the draft of a campaign: rules, no model, no network."""

from .draft import NoticeError, Reading
from .opening import open_notice
from .reading import read_notice

__all__ = ["NoticeError", "Reading", "open_notice", "read_notice"]
