from core.models.audit import AuditEntry, ChainHead
from core.models.job import Job
from core.models.pulse import Pulse
from core.models.stored_file import StoredFile
from core.models.user import User, UserManager

__all__ = ["AuditEntry", "ChainHead", "Job", "Pulse", "StoredFile", "User", "UserManager"]
