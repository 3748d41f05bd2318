from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from core import clock


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None) -> "User":
        """One log-in account; a missing password makes it unusable until one is set."""
        user = self.model(username=username.strip())
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A log-in account, which knows no business: who the person is and may do lies in branches."""

    username = models.CharField("账号", max_length=60, unique=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须修改密码", default=False)
    created_at = models.DateTimeField("建立时间", default=clock.now, editable=False)

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = "账号"

    def __str__(self) -> str:
        return self.username
