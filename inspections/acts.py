"""The steps of a hazard as pages: which form, which service, what is said afterwards. Who and when is in edges.py."""

from collections.abc import Callable
from dataclasses import dataclass

from campaign_portal.accounts.access import Role

from . import forms, services
from .edges import EDGES


@dataclass(frozen=True)
class Act:
    """`do(hazard, user, data)` calls the service with the form's cleaned data."""

    verb: str
    form: type
    do: Callable
    success: str
    intro: str = ""
    template: str = "inspections/act.html"
    is_grave: bool = False

    @property
    def label(self):
        return EDGES[self.verb].label

    def is_entered_by(self, user):
        """Whether this user would do the step for the home (代填)."""
        return self.form.for_home and user.office.kind != Role.HOME

    def label_for(self, user):
        return f"代填：{self.label}" if self.is_entered_by(user) else self.label

    @property
    def url_name(self):
        return f"inspections:hazard-{self.slug}"

    @property
    def slug(self):
        return self.verb.replace("_", "-")


def _verify(hazard, user, data):
    services.verify_hazard(
        hazard=hazard,
        by=user,
        grade=data["grade"],
        criterion=data["criterion"],
        category=data["category"],
        due_on=data["due_on"],
        liaison=(data["liaison"], data["liaison_phone"]),
        departments=data["departments"],
        version=data["version"],
    )


def _complete(hazard, user, data):
    services.complete_report(
        hazard=hazard,
        by=user,
        changes={name: data[name] for name in forms.CompleteForm.FIELDS},
        before=data["before"],
        after=data["after"],
        version=data["version"],
        proxy_reason=data.get("proxy_reason", ""),
    )


def _plan(hazard, user, data):
    services.plan_work(
        hazard=hazard, by=user, changes=data, version=data["version"], proxy_reason=data.get("proxy_reason", "")
    )


def _submit(hazard, user, data):
    services.submit_rectification(
        hazard=hazard,
        by=user,
        rectification=data["rectification"],
        rectified_on=data["rectified_on"],
        after=data["all_after"],
        answers=data["answers"],
        version=data["version"],
        proxy_reason=data.get("proxy_reason", ""),
    )


def _passing(service, *names):
    """A service whose keywords are the form's own field names."""

    def do(hazard, user, data):
        service(hazard=hazard, by=user, version=data["version"], **{n: data[n] for n in names if n in data})

    return do


ACTS = {
    act.verb: act
    for act in [
        Act(
            "verify",
            forms.VerifyForm,
            _verify,
            "已核实确认，整改期限开始计算。",
            template="inspections/act_verify.html",
        ),
        Act(
            "verify_fixed",
            forms.NoteForm,
            _passing(services.verify_fixed, "note"),
            "已核实并销号。",
            intro="机构报称已当场整改。请对照整改前后照片（必要时到现场），确认后一次办结。",
        ),
        Act(
            "send_for_completion",
            forms.ReasonForm,
            _passing(services.send_for_completion, "reason"),
            "已退回机构补正。",
            intro="写清缺什么、怎么补，机构在手机上会看到。",
        ),
        Act("complete", forms.CompleteForm, _complete, "已补正重报。", template="inspections/act_complete.html"),
        Act(
            "void",
            forms.ReasonForm,
            _passing(services.void_report, "reason"),
            "已作废，编号保留。",
            intro="只用于误报、重复上报。作废后编号保留，不能恢复。",
            is_grave=True,
        ),
        Act("plan", forms.PlanForm, _plan, "整改方案已保存。", intro="五落实：责任、措施、资金、时限、预案。"),
        Act("submit", forms.SubmitForm, _submit, "整改已提交，等待复查。", template="inspections/act_submit.html"),
        Act(
            "close",
            forms.CloseForm,
            _passing(services.close_part, "rechecked_on", "note", "photos"),
            "复查结论已记入台账。",
            template="inspections/act_recheck.html",
        ),
        Act(
            "send_back",
            forms.SendBackForm,
            _passing(services.send_back, "rechecked_on", "reason", "due_on", "photos"),
            "已退回整改，新的期限已告知机构。",
            template="inspections/act_recheck.html",
        ),
        Act(
            "take_over",
            forms.ReasonForm,
            _passing(services.take_over, "reason"),
            "已转由本局复查。",
            intro="用于原复查单位没有合适的人复查时。转来后由本局现场复查、销号。",
        ),
        Act(
            "ask_extension",
            forms.ExtensionForm,
            lambda hazard, user, data: services.ask_extension(
                hazard=hazard,
                by=user,
                new_due_on=data["new_due_on"],
                reason=data["reason"],
                interim=data["interim"],
                version=data["version"],
                proxy_reason=data.get("proxy_reason", ""),
            ),
            "延期申请已提交，等待审批。审批前原期限不变。",
            intro="须在到期前申请，由监管单位的另一位同志审批。审批前原期限不变。",
        ),
        Act(
            "regrade",
            forms.RegradeForm,
            _passing(services.regrade, "grade", "criterion", "reason"),
            "等级已调整。",
        ),
        Act("share", forms.ShareForm, _passing(services.share, "departments", "reason"), "责任部门已调整。"),
        Act(
            "set_liaison",
            forms.LiaisonForm,
            _passing(services.set_liaison, "liaison", "liaison_phone"),
            "包联责任人已指定。",
        ),
        Act(
            "ask_void",
            forms.ReasonForm,
            _passing(services.ask_void, "reason"),
            "作废申请已提交，等待另一位同志审批。",
            intro="已确认的隐患要作废，须由另一位同志审批。",
            is_grave=True,
        ),
    ]
}
