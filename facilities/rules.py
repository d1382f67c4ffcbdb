"""Who may change what in a home's register. Pages, services' callers and tests ask here."""

from campaign_portal.accounts import access
from campaign_portal.accounts.access import OFFICERS, Role


def may_register(user):
    """A township enters the homes it will supervise; a county bureau enters any home of its county."""
    return user.office.kind in (Role.TOWNSHIP, Role.BUREAU) and user.office.county_code != ""


def may_manage(facility, user):
    """Name, place, supervisor, filing, state: the office that supervises the home, and the bureau of its county."""
    office = user.office
    if office.kind not in (Role.TOWNSHIP, Role.BUREAU):
        return False
    leads = office.kind == Role.BUREAU and office.county_code == facility.county_code != ""
    return leads or facility.supervisor_id == office.pk


def may_edit_contacts(facility, user):
    """Address, people, telephones, beds and licences: the home itself too."""
    return may_manage(facility, user) or runs(facility, user)


def runs(facility, user):
    """The home itself."""
    return user.office.kind == Role.HOME and facility.pk in access.scope_of(user).runs


def may_call(facility, user):
    """Whether telephone numbers and the record of changes are shown in full: to officers and to the home itself."""
    return user.office.kind in OFFICERS or runs(facility, user)
