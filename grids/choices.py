"""Closed lists of the ground: kinds that rules and indicators depend on."""

from django.db.models import TextChoices


class GridKind(TextChoices):
    """270, 539 and 620 grids are different things at different times: a grid says which it is."""

    COURTYARD = "courtyard", "小区网格"
    VILLAGE = "village", "村（居）民组网格"
    SPECIAL = "special", "专属网格"


class CourtyardKind(TextChoices):
    COMMERCIAL = "commercial", "商品房小区"
    FAMILY_YARD = "family_yard", "单位家属院"
    RESETTLEMENT = "resettlement", "安置小区"
    SHANTY = "shanty", "棚户区"
    OLD = "old", "老旧小区"
    VILLAGE = "village", "自然村（居民组）"
    OTHER = "other", "其他"


class Management(TextChoices):
    """How a courtyard without a contract is looked after."""

    NONE = "none", "无人管理"
    SELF = "self", "自管（有自管办法）"
    FORMER_OWNER = "former_owner", "原单位代管"
    COMMUNITY = "community", "社区托管"


class CommitteeKind(TextChoices):
    """The 177 of 2023 are the first two; the 18 of 2021 include the third: never one line in a chart."""

    OWNERS = "owners", "业委会"
    PROPERTY = "property", "物管会"
    YARD = "yard", "院委会"


class CentreLevel(TextChoices):
    DISTRICT = "district", "区党群服务中心"
    STREET = "street", "街道党群服务中心"
    COMMUNITY = "community", "社区党群服务中心"
    GRID = "grid", "小区党群服务站（网格工作站）"


class CentreForm(TextChoices):
    CENTRE = "centre", "中心"
    STATION = "station", "站"
    WORKSTATION = "workstation", "工作站"


class CoverageKind(TextChoices):
    """Covered by, not owns one."""

    OWN = "own", "单独组建"
    JOINT = "joint", "连片组建"
    COMPANY = "company", "与物业企业联合组建"


class ActivityKind(TextChoices):
    VOLUNTEER = "volunteer", "志愿服务"
    CLINIC = "clinic", "义诊"
    DRILL = "drill", "演练"
    PUBLICITY = "publicity", "宣传"
    ANTI_FRAUD = "anti_fraud", "反诈宣传"
    DRUG_TEACHING = "drug_teaching", "禁毒（禁种铲毒）宣传"
    LEGAL_TEACHING = "legal_teaching", "普法宣传"
    LEGAL_OFFICERS = "legal_officers", "三官一律"
    POLICE_DOWN = "police_down", "警力下沉"
    MEDIATION = "mediation", "调解"
    SKILL_TRAINING = "skill_training", "技能培训"
    COMMERCE_TRAINING = "commerce_training", "电商培训"
    FARMING_TRAINING = "farming_training", "农技培训"
    STARTUP_TRAINING = "startup_training", "创业就业培训"
    GREENING = "greening", "植绿"
    VISIT = "visit", "走访"
    CULTURE = "culture", "文体活动"
    OTHER = "other", "其他"


class TeamKind(TextChoices):
    VOLUNTEER = "volunteer", "志愿服务队"
    PARTY_SERVICE = "party_service", "党员服务队"
    CULTURE = "culture", "文体团队"
    MEDIATION = "mediation", "调解队"
    PATROL = "patrol", "巡防队"
    OTHER = "other", "其他"


class RectificationKind(TextChoices):
    HAZARD = "hazard", "安全隐患"
    ENVIRONMENT = "environment", "人居环境"


class PartnerKind(TextChoices):
    CO_BUILDING = "co_building", "共建"
    SUPPORT = "support", "帮扶"
    ASSIGNED = "assigned", "分包"


class PostKind(TextChoices):
    """5+3: five rungs in urban communities, three in agricultural ones; the first rung is common to both."""

    GOVERNANCE_TEAM = "governance_team", "红色治理专班"
    TEAM_LEADER = "team_leader", "小队长"
    YARD_HEAD = "yard_head", "庭院院长"
    BUILDING_HEAD = "building_head", "楼栋长"
    UNIT_HEAD = "unit_head", "单元长"
    GROUP_HEAD = "group_head", "居民组长"
    PARTY_HOUSEHOLD = "party_household", "党员中心户"
    GRID_WORKER = "grid_worker", "网格员"


class NormKey(TextChoices):
    """Figures that checks and indicators compare with; their values are the district's to edit."""

    CENTRE_MIN_AREA = "centre_min_area", "党群服务中心最小使用面积（平方米）"
    GRID_HOUSEHOLDS = "grid_households", "每个网格户数（约）"
    GRID_HOUSEHOLDS_MIN = "grid_households_min", "网格户数下限"
    GRID_HOUSEHOLDS_MAX = "grid_households_max", "网格户数上限"
    STALE_DAYS = "stale_days", "多少天未确认即为陈旧"
    ELECTION_NOTICE_DAYS = "election_notice_days", "换届提前提醒天数"
