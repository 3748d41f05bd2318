from grids.models.act import ActRow
from grids.models.centre import CentreState, ServiceCentre
from grids.models.committee import Committee
from grids.models.courtyard import Courtyard, CourtyardGrid, CourtyardState
from grids.models.coverage import Coverage
from grids.models.daily import (
    Activity,
    CollectiveEconomy,
    IdleAsset,
    Milestone,
    Project,
    Rectification,
    ServiceItem,
    Team,
)
from grids.models.grid import Grid, GridState, GridSuccession
from grids.models.link import Document, Honour, PartnerUnit
from grids.models.post import GroundContact, PostCount
from grids.models.property import PropertyCompany, ServiceContract
from grids.models.statistic import AcceptedException, Measure, Norm, Statistic

__all__ = [
    "AcceptedException",
    "ActRow",
    "Activity",
    "CentreState",
    "CollectiveEconomy",
    "Committee",
    "Courtyard",
    "CourtyardGrid",
    "CourtyardState",
    "Coverage",
    "Document",
    "Grid",
    "GridState",
    "GridSuccession",
    "GroundContact",
    "Honour",
    "IdleAsset",
    "Measure",
    "Milestone",
    "Norm",
    "PartnerUnit",
    "PostCount",
    "Project",
    "PropertyCompany",
    "Rectification",
    "ServiceCentre",
    "ServiceContract",
    "ServiceItem",
    "Statistic",
    "Team",
]
