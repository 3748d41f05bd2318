from core.models.audit import AuditEntry, ChainHead
from core.models.job import Job
from core.models.notification import Notification
from core.models.pulse import Pulse
from core.models.special_day import SpecialDay
from core.models.stored_file import StoredFile
from core.models.user import User, UserManager

__all__ = ["AuditEntry", "ChainHead", "Job", "Notification", "Pulse", "SpecialDay", "StoredFile", "User", "UserManager"]
