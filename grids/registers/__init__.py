"""The registers: one declaration each, from which lists, forms, grids, workbooks and the API are made.

`fields` are in the order of the form and of the workbook; the first text of `listed` names a row. Where a register has
no `community`, its rows are shared by the district.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from django.http import Http404

from grids import models
from grids.models.base import Dated, GroundRow, KeptRow
from grids.registers.columns import Column, Kind


@dataclass(frozen=True)
class Mark:
    """An act of one button: sets a day, of today, where there is none yet."""

    name: str
    field: str
    label: str
    after: str = ""


@dataclass(frozen=True)
class Register:
    """One register; `short` are the fields of its one-line form, `day` the column an event happens on."""

    slug: str
    model: type[KeptRow]
    hint: str
    fields: tuple[str, ...]
    listed: tuple[str, ...]
    short: tuple[str, ...] = ()
    day: str = ""
    marks: tuple[Mark, ...] = ()
    personal: frozenset[str] = field(default_factory=frozenset)

    @property
    def title(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def resource(self) -> str:
        """Its name in the API; empty for contacts, which none hands out, and companies, which have their own."""
        return "" if self.personal or self.model is models.PropertyCompany else self.slug

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return tuple(Column(self.model, name) for name in self.fields)

    @cached_property
    def listed_columns(self) -> tuple[Column, ...]:
        return tuple(Column(self.model, name) for name in self.listed)

    @cached_property
    def sheet_columns(self) -> tuple[Column, ...]:
        """What a workbook or grid can say: everything but files."""
        return tuple(column for column in self.columns if column.kind is not Kind.FILE)

    @cached_property
    def searched(self) -> tuple[str, ...]:
        """Text columns; never one about a person."""
        return tuple(c.name for c in self.columns if c.kind is Kind.TEXT and c.name not in self.personal)

    @property
    def kind_column(self) -> Column | None:
        """The closed list that the list of rows is filtered by."""
        return next((column for column in self.columns if column.kind is Kind.CHOICE), None)

    @property
    def is_of_community(self) -> bool:
        return issubclass(self.model, GroundRow)

    @property
    def is_dated(self) -> bool:
        return issubclass(self.model, Dated)

    @property
    def is_lasting(self) -> bool:
        """Its rows hold until they end: they are confirmed from time to time, and become stale."""
        return self.is_dated or self.model is models.PropertyCompany

    def column(self, name: str) -> Column | None:
        """The column of a field, by its name or that of its database column."""
        return next((one for one in self.columns if name in (one.name, one.field.attname)), None)


_DATES = ("starts_on", "ends_on")

REGISTERS: tuple[Register, ...] = (
    Register(
        "activities",
        models.Activity,
        "每天做了什么，一行一件；不传照片，不报人数。",
        ("on", "kind", "title", "place", "partner", "grid", "quantity"),
        ("title", "on", "kind", "place", "grid", "quantity"),
        ("on", "kind", "title", "place", "grid"),
        "on",
    ),
    Register(
        "rectifications",
        models.Rectification,
        "安全隐患和环境问题：发现、整改、销号各有日期。",
        ("kind", "what", "found_on", "due_on", "mended_on", "struck_off_on", "is_own", "grid", "courtyard"),
        ("what", "kind", "found_on", "due_on", "mended_on", "struck_off_on"),
        ("found_on", "kind", "what", "due_on", "grid"),
        "found_on",
        (
            Mark("mended", "mended_on", "今天已整改"),
            Mark("struck_off", "struck_off_on", "今天销号", after="mended_on"),
        ),
    ),
    Register(
        "projects",
        models.Project,
        "民生实事和产业项目：数量、单位、开工和完成日期。",
        ("name", "quantity", "unit", "starts_on", "due_on", "finished_on", "is_industry", "grid"),
        ("name", "quantity", "unit", "starts_on", "due_on", "finished_on"),
        ("name", "quantity", "unit", "starts_on", "due_on"),
        "starts_on",
        (Mark("finished", "finished_on", "今天已完成"),),
    ),
    Register(
        "milestones",
        models.Milestone,
        "项目的节点和应完成日期。",
        ("project", "name", "due_on", "done_on"),
        ("name", "project", "due_on", "done_on"),
        ("project", "name", "due_on"),
        "due_on",
        (Mark("done", "done_on", "今天已完成"),),
    ),
    Register(
        "collective-economies",
        models.CollectiveEconomy,
        "每年一行：收入、资产、合作社。",
        (
            *("year", "income", "assets", "is_published", "has_measures"),
            *("has_cooperative", "cooperative_works", "cooperative_is_open", "cooperative_benefits"),
        ),
        ("year", "income", "assets", "is_published", "has_cooperative"),
        ("year", "income", "assets"),
    ),
    Register(
        "idle-assets",
        models.IdleAsset,
        "闲置资源和盘活日期。",
        ("name", "found_on", "reused_on", "use"),
        ("name", "found_on", "reused_on", "use"),
        ("name", "found_on"),
        "found_on",
        (Mark("reused", "reused_on", "今天已盘活"),),
    ),
    Register(
        "teams",
        models.Team,
        "队伍的名称、类别和人数；不登记成员。",
        ("name", "kind", "number", *_DATES),
        ("name", "kind", "number", *_DATES),
        ("name", "kind", "number", "starts_on"),
    ),
    Register(
        "service-items",
        models.ServiceItem,
        "在家门口代办的事项清单。",
        ("name", "is_published", *_DATES),
        ("name", "is_published", *_DATES),
        ("name", "starts_on"),
    ),
    Register(
        "committees",
        models.Committee,
        "业委会、物管会、院委会：一届一行，换届另登一行。",
        ("kind", "name", "courtyard", "grid", *_DATES, "election_due_on", "members", "party_members"),
        ("name", "kind", "courtyard", "grid", "starts_on", "election_due_on"),
    ),
    Register(
        "service-contracts",
        models.ServiceContract,
        "哪家物业企业自何日起管理哪个庭院；同一庭院的合同不重叠。",
        ("courtyard", "company", *_DATES, "contract_no", "note"),
        ("courtyard", "company", *_DATES, "contract_no"),
    ),
    Register(
        "courtyard-grids",
        models.CourtyardGrid,
        "庭院自何日起在哪个网格；大的跨几个网格，小的几个合一。",
        ("courtyard", "grid", *_DATES),
        ("courtyard", "grid", *_DATES),
    ),
    Register(
        "coverages",
        models.Coverage,
        "哪个党组织自何日起覆盖哪个网格或庭院；一个党组织可以覆盖几处。",
        ("organisation", "kind", "grid", "courtyard", "company", *_DATES),
        ("organisation", "kind", "grid", "courtyard", *_DATES),
    ),
    Register(
        "partner-units",
        models.PartnerUnit,
        "共建、帮扶、分包单位。",
        ("name", "kind", "grid", "courtyard", *_DATES, "note"),
        ("name", "kind", "grid", "courtyard", *_DATES),
    ),
    Register(
        "honours",
        models.Honour,
        "社区和网格得到的荣誉，有文号的写文号。",
        ("title", "awarded_on", "awarded_by", "document_no", "grid"),
        ("title", "awarded_on", "awarded_by", "document_no", "grid"),
        day="awarded_on",
    ),
    Register(
        "contacts",
        models.GroundContact,
        "网格和庭院岗位的姓名、工作电话；只登记在岗人员，离岗填终止日期。",
        ("kind", "name", "work_phone", "grid", "courtyard", *_DATES),
        ("name", "kind", "work_phone", "grid", "courtyard", "starts_on"),
        personal=frozenset({"name", "work_phone"}),
    ),
    Register(
        "property-companies",
        models.PropertyCompany,
        "物业服务企业全区合用一份名单。",
        ("name", "has_party_branch", "is_red", "opened_on", "closed_on"),
        ("name", "has_party_branch", "is_red", "opened_on", "closed_on"),
    ),
    Register(
        "documents",
        models.Document,
        "考评标准、一票否决和隶属变更所依据的文件。",
        ("title", "document_no", "issued_on", "issued_by", "file"),
        ("title", "document_no", "issued_on", "issued_by", "file"),
        day="issued_on",
    ),
)

_BY_SLUG = {register.slug: register for register in REGISTERS}


def register_named(slug: str) -> Register:
    """One register by the word in its address, or 404."""
    if slug not in _BY_SLUG:
        raise Http404("没有这本登记簿。")
    return _BY_SLUG[slug]


def register_of(model: type[KeptRow]) -> Register:
    """The register a model is kept in."""
    return next(register for register in REGISTERS if register.model is model)
