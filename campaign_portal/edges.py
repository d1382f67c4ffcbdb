"""State machines as tables. Services, buttons, the API and the tests read the same rows."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied


class Refused(Exception):
    """A step that the state of the row or a rule does not allow. The message is a sentence for the user."""


class NotYours(PermissionDenied):
    """A step that this role, duty or office may not take on this row. Answered with 403."""


@dataclass(frozen=True)
class Edge:
    """One row of a state table.

    `who(obj, user)` says whether this user's office answers for the row; `unless(obj, user)` gives the sentence that
    refuses the step, or None. `duty` names a boolean of User that the step needs, e.g. "is_approver".
    """

    verb: str
    label: str
    sources: frozenset[str]
    targets: frozenset[str]
    roles: frozenset[str]
    who: Callable = lambda obj, user: True
    unless: Callable = lambda obj, user: None
    duty: str = ""


class Edges:
    """The table of one model's `status` field."""

    def __init__(self, *edges: Edge):
        self.by_verb = {edge.verb: edge for edge in edges}

    def __iter__(self):
        return iter(self.by_verb.values())

    def __getitem__(self, verb) -> Edge:
        return self.by_verb[verb]

    def check(self, obj, verb, *, by):
        """Raise NotYours (role, duty or office) or Refused (state or rule) unless `by` may do `verb` to `obj` now."""
        edge = self.by_verb[verb]
        if not self._is_theirs(edge, obj, by):
            raise NotYours(f"您的单位或岗位不能对这条记录办理“{edge.label}”。")
        if obj.status not in edge.sources:
            raise Refused(f"当前为“{obj.get_status_display()}”，不能{edge.label}。")
        if sentence := edge.unless(obj, by):
            raise Refused(sentence)

    def allows(self, obj, verb, *, by) -> bool:
        """Whether a button for `verb` makes sense on the page."""
        edge = self.by_verb[verb]
        return self._is_theirs(edge, obj, by) and obj.status in edge.sources and not edge.unless(obj, by)

    def verbs_for(self, obj, *, by) -> list[str]:
        return [verb for verb in self.by_verb if self.allows(obj, verb, by=by)]

    @staticmethod
    def _is_theirs(edge, obj, user):
        has_duty = not edge.duty or getattr(user, edge.duty)
        return user.office.kind in edge.roles and has_duty and edge.who(obj, user)
