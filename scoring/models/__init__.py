from scoring.models.assignment import TaskAssignment
from scoring.models.correction import CorrectionProposal
from scoring.models.evidence import Evidence, EvidenceLink, EvidenceRemoval
from scoring.models.item import Appeal, AssessmentItem, Confirmation, GroundBasis, ItemUnlock, Report, Review, Ruling
from scoring.models.notice import NoticeDraft
from scoring.models.period import Assessment, Period
from scoring.models.phrase import ReturnPhrase
from scoring.models.programme import Programme, ProgrammeYear, StarKind, StarResponsibility, TaskKey
from scoring.models.result import Publication, Rating, SignOff, Standing, Veto
from scoring.models.rubric import Rubric, Star, Task
from scoring.models.spot_check import SpotCheck, SpotCheckItem, SpotCheckResult

__all__ = [
    "Appeal",
    "Assessment",
    "AssessmentItem",
    "Confirmation",
    "Evidence",
    "EvidenceLink",
    "EvidenceRemoval",
    "GroundBasis",
    "CorrectionProposal",
    "ItemUnlock",
    "NoticeDraft",
    "Period",
    "Programme",
    "ProgrammeYear",
    "Publication",
    "Rating",
    "Report",
    "ReturnPhrase",
    "Review",
    "Rubric",
    "Ruling",
    "SignOff",
    "SpotCheck",
    "SpotCheckItem",
    "SpotCheckResult",
    "Standing",
    "Star",
    "StarKind",
    "StarResponsibility",
    "Task",
    "TaskAssignment",
    "TaskKey",
    "Veto",
]
