"""Closed lists of the chain and the vocabulary of rights."""

from django.db.models import IntegerChoices, TextChoices


class OrganisationKind(TextChoices):
    CHAIN = "chain", "层级党组织"
    CREATION_OFFICE = "creation_office", "创建办公室"
    TASK_FORCE = "task_force", "专班"
    DEPARTMENT = "department", "部门"


class Level(IntegerChoices):
    """The five-level chain; a parent is exactly one level up."""

    DISTRICT = 1, "区委"
    STREET = 2, "街道党工委"
    COMMUNITY = 3, "社区党组织"
    GRID = 4, "小区网格党支部"
    COURTYARD = 5, "庭院党小组"


class Track(TextChoices):
    URBAN = "urban", "城市社区"
    AGRICULTURAL = "agricultural", "涉农社区"


class PartyForm(TextChoices):
    """What form of Party organisation it is."""

    WORKING_COMMITTEE = "working_committee", "党工委"
    COMMITTEE = "committee", "党委"
    GENERAL_BRANCH = "general_branch", "党总支"
    BRANCH = "branch", "党支部"
    GROUP = "group", "党小组"


class Role(TextChoices):
    SECRETARY = "secretary", "书记"
    DEPUTY_SECRETARY = "deputy_secretary", "副书记"
    CLERK = "clerk", "干事"
    FIRST_SECRETARY = "first_secretary", "第一书记"
    OFFICE_DIRECTOR = "office_director", "创建办主任"
    OFFICE_OFFICER = "office_officer", "创建办干部"
    TASK_FORCE_LEADER = "task_force_leader", "专班长"
    TASK_FORCE_MEMBER = "task_force_member", "专班成员"
    READER = "reader", "查阅"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"
    # Carries duties of the division of labour and no right: 组织委员, 网格员; its title is data of the organisation.
    DUTY = "duty", "分工岗位"


class Right(TextChoices):
    """What an appointment lets its holder do at its organisation; each app says what it means for its rows."""

    REPORT = "report", "填报"
    REVIEW_PLACE = "review_place", "街道审核"
    REVIEW_THEME = "review_theme", "专班核验"
    DIRECT = "direct", "组织考评"
    KEEP_CHAIN = "keep_chain", "维护党组织"
    KEEP_GROUND = "keep_ground", "登记底数"
    READ = "read", "查阅"
    ADMINISTER_SYSTEM = "administer_system", "系统管理"
    ADMINISTER_ACCOUNTS = "administer_accounts", "账号管理"
    READ_AUDIT = "read_audit", "查看审计"


class SuccessionKind(TextChoices):
    MERGE = "merge", "合并"
    SPLIT = "split", "分设"
    REPLACE = "replace", "撤并改设"
