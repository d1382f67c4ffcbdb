from .activities import Activity, ActivityFile, ActivityHome
from .homes import (
    Facility,
    FacilityGrant,
    FacilityQuerySet,
    FormerName,
    Licence,
    StatePeriod,
    StatePeriodQuerySet,
)

__all__ = [
    "Activity",
    "ActivityFile",
    "ActivityHome",
    "Facility",
    "FacilityGrant",
    "FacilityQuerySet",
    "FormerName",
    "Licence",
    "StatePeriod",
    "StatePeriodQuerySet",
]
