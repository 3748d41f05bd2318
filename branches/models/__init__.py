from branches.models.organisation import Alias, Organisation, OrganisationQuerySet, Succession
from branches.models.person import Appointment, Person, Position
from branches.models.placement import Ancestry, Placement

__all__ = [
    "Alias",
    "Ancestry",
    "Appointment",
    "Organisation",
    "OrganisationQuerySet",
    "Person",
    "Placement",
    "Position",
    "Succession",
]
