"""Every route × every principal: what reading gives, and that nobody changes anything without the right to it.

The objects in the addresses are 府后's: its open October, its published September, 林's 送审稿, 陈's account. 林 is its
secretary, 陈 of the next community, 樊 of another street's; 周 at its street, 吴 at the other; 郑1 leads another star's
task force, 郑2 the item's. A new route must be written into these tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction

from core.models import Job
from tests.api.conftest import Autumn
from tests.security.ground import (
    PRINCIPALS,
    all_routes,
    arguments,
    bound,
    browsers,
    posted,
    rows_digest,
    word_of,
)

pytestmark = pytest.mark.django_db

# ok = 200, in = to the log-in page, otherwise the status.
READING = """
                             nobod lin   chen  fan   zhou  wu    zh1   zh2   wang  read  sysad secad audit disab
pages:home                   in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
pages:design                 in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
core:password                in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
core:healthz                 ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok
core:readyz                  ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok
core:audit                   in    403   403   403   403   403   403   403   403   403   403   403   ok    in
core:jobs                    in    403   403   403   403   403   403   403   403   403   ok    403   403   in
core:job                     in    ok    404   404   404   404   404   404   404   404   ok    404   404   in
core:notifications           in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
core:calendar                in    403   403   403   403   403   403   403   403   403   ok    403   403   in
core:fonts                   in    403   403   403   403   403   403   403   403   403   ok    403   403   in
core:font_sample             in    403   403   403   403   403   403   403   403   403   409   403   403   in
branches:login               ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok
branches:organisations       in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
branches:organisation        in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
branches:contact             in    404   ok    ok    404   ok    ok    ok    404   404   ok    ok    ok    in
branches:organisation_found  in    403   403   403   403   403   403   403   ok    403   403   403   403   in
branches:organisation_rename in    403   403   403   403   403   403   403   ok    403   403   403   403   in
branches:organisation_move   in    403   403   403   403   403   403   403   ok    403   403   403   403   in
branches:organisation_class  in    403   403   403   403   403   403   403   ok    403   403   403   403   in
branches:organisation_close  in    403   403   403   403   403   403   403   ok    403   403   403   403   in
branches:accounts            in    403   403   403   403   403   403   403   403   403   403   ok    403   in
branches:account_new         in    403   403   403   403   403   403   403   403   403   403   ok    403   in
branches:account             in    403   403   403   403   403   403   403   403   403   403   ok    403   in
pages:about_me               in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
grids:mine                   in    403   403   403   403   403   403   403   403   403   403   403   403   in
grids:people                 in    ok    404   404   ok    404   404   404   ok    ok    404   404   404   in
grids:indicators             in    ok    404   404   ok    404   404   404   ok    ok    404   404   404   in
grids:statistics             in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
grids:measure                in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
grids:registers              in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
grids:register               in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
grids:register_file          in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
grids:registers_file         in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
grids:row                    in    ok    404   404   ok    404   404   404   ok    ok    404   404   404   in
grids:row_new                in    ok    ok    ok    ok    ok    403   403   ok    403   403   403   403   in
grids:row_grid               in    ok    ok    ok    ok    ok    403   403   ok    403   403   403   403   in
grids:register_load          in    ok    ok    ok    ok    ok    403   403   ok    403   403   403   403   in
grids:registers_load         in    ok    ok    ok    ok    ok    403   403   ok    403   403   403   403   in
grids:row_edit               in    ok    404   404   ok    404   404   404   ok    403   404   404   404   in
grids:row_void               in    ok    404   404   ok    404   404   404   ok    403   404   404   404   in
grids:contact_phone          in    404   404   404   404   404   404   404   404   404   404   404   404   in
grids:document_file          in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
grids:ground                 in    ok    ok    ok    ok    ok    to    to    ok    ok    to    to    to    in
grids:ground_at              in    ok    404   404   ok    404   404   404   ok    ok    404   404   404   in
grids:places                 in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
grids:companies              in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
grids:company                in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
grids:norms                  in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
grids:checks                 in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
grids:grid                   in    ok    404   404   ok    404   404   404   ok    ok    404   404   404   in
grids:courtyard              in    ok    404   404   ok    404   404   404   ok    ok    404   404   404   in
grids:centre                 in    ok    404   404   ok    404   404   404   ok    ok    404   404   404   in
grids:merge                  in    403   404   404   ok    404   404   404   ok    403   404   404   404   in
grids:split                  in    403   404   404   ok    404   404   404   ok    403   404   404   404   in
grids:move                   in    403   404   404   ok    404   404   404   ok    403   404   404   404   in
grids:hand_over              in    403   403   403   ok    403   403   403   ok    403   403   403   403   in
grids:places_file            in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
grids:places_load            in    ok    ok    ok    ok    ok    403   403   ok    403   403   403   403   in
grids:place_new              in    ok    ok    ok    ok    ok    403   403   ok    403   403   403   403   in
grids:place_change           in    ok    404   404   ok    404   404   404   ok    403   404   404   404   in
grids:place_close            in    ok    404   404   ok    404   404   404   ok    403   404   404   404   in
scoring:rubrics              in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
scoring:rubric_import        in    403   403   403   403   403   403   403   ok    403   403   403   403   in
scoring:rubric               in    ok    ok    ok    ok    ok    ok    ok    ok    ok    404   404   404   in
scoring:assessment           in    ok    404   404   ok    404   ok    ok    ok    404   404   404   404   in
scoring:assessment_writers   in    ok    404   404   ok    404   403   403   ok    404   404   404   404   in
scoring:duties               in    ok    403   403   ok    403   403   403   ok    403   403   403   403   in
scoring:duty_sheet           in    ok    403   403   ok    403   403   403   ok    403   403   403   403   in
scoring:paper                in    ok    404   404   ok    404   403   403   ok    404   404   404   404   in
scoring:item                 in    ok    404   404   ok    404   404   ok    ok    404   404   404   404   in
scoring:item_ground          in    ok    404   404   ok    404   404   ok    ok    404   404   404   404   in
scoring:item_evidence        in    ok    404   404   ok    404   404   ok    ok    404   404   404   404   in
scoring:evidence             in    ok    404   404   ok    404   404   ok    ok    404   404   404   404   in
scoring:evidence_file        in    ok    404   404   ok    404   404   ok    ok    404   404   404   404   in
scoring:periods              in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
scoring:period               in    ok    ok    ok    ok    ok    ok    ok    ok    ok    404   404   404   in
scoring:close_period         in    403   403   403   403   403   403   403   ok    403   404   404   404   in
scoring:corrections          in    403   403   403   403   403   403   403   ok    403   404   404   404   in
scoring:month_items          in    403   403   403   403   403   403   403   ok    403   404   404   404   in
scoring:unlocks              in    403   403   403   403   403   403   403   ok    403   404   404   404   in
scoring:publish_period       in    403   403   403   403   403   403   403   ok    403   404   404   404   in
scoring:rulings              in    403   403   403   403   403   403   403   ok    403   404   404   404   in
scoring:vetoes               in    403   403   403   403   403   403   403   404   403   404   404   404   in
scoring:missing              in    403   403   403   ok    ok    403   403   ok    403   404   404   404   in
scoring:trial                in    403   403   403   403   403   403   403   ok    403   404   404   404   in
scoring:review_street        in    403   403   403   ok    404   403   403   ok    403   404   404   404   in
scoring:street_grid          in    403   403   403   ok    ok    403   403   403   403   403   403   403   in
scoring:department_data      in    403   403   403   403   403   ok    ok    403   403   403   403   403   in
scoring:sign_off             in    403   403   403   ok    ok    403   403   403   403   403   403   403   in
scoring:review_star          in    403   403   403   403   403   404   ok    ok    403   403   403   403   in
scoring:spot_checks          in    403   403   403   ok    ok    ok    ok    ok    403   404   404   404   in
scoring:spot_check           in    404   404   404   404   404   404   ok    ok    404   404   404   404   in
scoring:spot_check_sheets    in    404   404   404   404   404   404   ok    ok    404   404   404   404   in
scoring:review_item          in    ok    404   404   ok    404   404   ok    ok    404   404   404   404   in
scoring:return_phrases       in    403   403   403   403   403   403   403   ok    403   403   403   403   in
scoring:return_phrase        in    403   403   403   403   403   403   403   ok    403   403   403   403   in
scoring:rule_item            in    403   404   404   403   404   404   403   ok    404   404   404   404   in
scoring:unlock_item          in    403   404   404   403   404   404   403   ok    404   404   404   404   in
scoring:rankings             in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
scoring:ranking              in    ok    ok    ok    ok    ok    ok    ok    ok    ok    404   404   404   in
scoring:results              in    ok    404   404   ok    404   404   404   ok    ok    404   404   404   in
scoring:result_items         in    ok    ok    ok    ok    ok    ok    ok    ok    ok    404   404   404   in
ledgers:verify               ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok
ledgers:verify_code          ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok
ledgers:ledgers              in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    in
ledgers:automatic            in    403   403   403   403   403   403   403   ok    403   403   403   403   in
ledgers:batch                in    404   404   404   404   404   404   404   ok    404   404   404   404   in
ledgers:bundles              in    ok    ok    ok    ok    ok    ok    ok    ok    ok    404   404   404   in
ledgers:bundle_file          in    404   404   404   ok    404   404   404   ok    ok    404   404   404   in
ledgers:draft_print          in    ok    404   404   404   404   404   404   404   404   404   404   404   in
ledgers:draft_pdf            in    ok    404   404   404   404   404   404   404   404   404   404   404   in
ledgers:papers               in    ok    ok    ok    ok    ok    403   403   ok    403   404   404   404   in
ledgers:weekly               in    ok    404   404   ok    404   403   403   ok    404   404   404   404   in
ledgers:paper_print          in    ok    404   404   404   404   404   404   404   404   404   404   404   in
ledgers:paper_pdf            in    ok    404   404   404   404   404   404   404   404   404   404   404   in
ledgers:ledger               in    ok    404   404   ok    404   404   404   ok    ok    404   404   404   in
ledgers:pdf                  in    ok    404   404   ok    404   404   404   ok    ok    404   404   404   in
ledgers:xlsx                 in    ok    404   404   ok    404   404   404   ok    ok    404   404   404   in
organisation-list            401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
organisation-detail          401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
rubric-list                  401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
rubric-detail                401   ok    ok    ok    ok    ok    ok    ok    ok    ok    404   404   404   401
period-list                  401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
period-detail                401   ok    ok    ok    ok    ok    ok    ok    ok    ok    404   404   404   401
assessment-list              401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
assessment-detail            401   ok    404   404   ok    404   ok    ok    ok    404   404   404   404   401
item-list                    401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
item-detail                  401   ok    404   404   ok    404   404   ok    ok    404   404   404   404   401
rating-list                  401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
rating-detail                401   ok    404   404   ok    404   404   404   ok    404   404   404   404   401
publication-list             401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
publication-detail           401   ok    ok    ok    ok    ok    ok    ok    ok    ok    404   404   404   401
ledger-list                  401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
ledger-detail                401   ok    404   404   ok    404   404   404   ok    ok    404   404   404   401
indicator-list               401   400   400   400   400   400   400   400   400   400   400   400   400   401
grid-list                    401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
grid-detail                  401   ok    404   404   ok    404   404   404   ok    ok    404   404   404   401
courtyard-list               401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
courtyard-detail             401   ok    404   404   ok    404   404   404   ok    ok    404   404   404   401
property-company-list        401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
property-company-detail      401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
service-centre-list          401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
service-centre-detail        401   ok    404   404   ok    404   404   404   ok    ok    404   404   404   401
activities-list              401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
activities-detail            401   ok    404   404   ok    404   404   404   ok    ok    404   404   404   401
rectifications-list          401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
rectifications-detail        401   ok    404   404   ok    404   404   404   ok    ok    404   404   404   401
projects-list                401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
projects-detail              401   ok    404   404   ok    404   404   404   ok    ok    404   404   404   401
milestones-list              401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
milestones-detail            401   ok    404   404   ok    404   404   404   ok    ok    404   404   404   401
collective-economies-list    401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
collective-economies-detail  401   ok    404   404   ok    404   404   404   ok    ok    404   404   404   401
idle-assets-list             401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
idle-assets-detail           401   ok    404   404   ok    404   404   404   ok    ok    404   404   404   401
teams-list                   401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
teams-detail                 401   ok    404   404   ok    404   404   404   ok    ok    404   404   404   401
service-items-list           401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
service-items-detail         401   ok    404   404   ok    404   404   404   ok    ok    404   404   404   401
committees-list              401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
committees-detail            401   ok    404   404   ok    404   404   404   ok    ok    404   404   404   401
service-contracts-list       401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
service-contracts-detail     401   ok    404   404   ok    404   404   404   ok    ok    404   404   404   401
courtyard-grids-list         401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
courtyard-grids-detail       401   ok    404   404   ok    404   404   404   ok    ok    404   404   404   401
coverages-list               401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
coverages-detail             401   ok    404   404   ok    404   404   404   ok    ok    404   404   404   401
partner-units-list           401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
partner-units-detail         401   ok    404   404   ok    404   404   404   ok    ok    404   404   404   401
honours-list                 401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
honours-detail               401   ok    404   404   ok    404   404   404   ok    ok    404   404   404   401
documents-list               401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
documents-detail             401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
statistic-list               401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
statistic-detail             401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
schema                       401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
docs                         401   ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    401
"""

# Routes that only take POST; a GET is 405 for whoever is signed in.
_ONLY_POST = """
core:notification_read core:calendar_seed core:draw_font_sample
grids:mine_found grids:mine_mended grids:statistics_seed
core:logout core:verify_audit core:cancel_job core:retry_job branches:acting branches:account_active
branches:account_password branches:account_open branches:appoint branches:appointment_end scoring:rubric_publish
scoring:rubric_discard scoring:duty_posts scoring:assessment_confirm
scoring:item_draft scoring:item_withdraw scoring:item_appeal scoring:item_evidence_link
scoring:item_evidence_unlink scoring:open_period
scoring:join_period scoring:reopen_period scoring:settle_period scoring:recompute_period scoring:review_bulk
scoring:review_bulk_undo scoring:review_undo
ledgers:issue ledgers:draft ledgers:paper ledgers:batch_retry ledgers:batch_cancel
grids:rows_confirm grids:row_mark
ledgers:bundle_make
grids:places_confirm grids:check_accept grids:exception_withdraw
scoring:spot_check_agree scoring:spot_result scoring:spot_review
"""
ONLY_POST = _ONLY_POST.split()

# may = has the right (what comes of it is other tests' matter), to = an answer that tells what was not done.
# Any other route answers every POST with 405 (or log-in) and changes nothing.
WRITING = """
                             nobod lin   chen  fan   zhou  wu    zh1   zh2   wang  read  sysad secad audit disab
core:password                in    may   may   may   may   may   may   may   may   may   may   may   may   in
core:verify_audit            in    403   403   403   403   403   403   403   403   403   403   403   may   in
core:cancel_job              in    may   404   404   404   404   404   404   404   404   may   404   404   in
core:retry_job               in    403   404   404   404   404   404   404   404   404   403   404   404   in
core:notification_read       in    may   404   404   404   404   404   404   404   404   404   404   404   in
core:calendar                in    403   403   403   403   403   403   403   403   403   may   403   403   in
core:calendar_seed           in    403   403   403   403   403   403   403   403   403   may   403   403   in
core:draw_font_sample        in    403   403   403   403   403   403   403   403   403   may   403   403   in
branches:login               may   may   may   may   may   may   may   may   may   may   may   may   may   may
branches:acting              in    404   404   404   404   404   404   404   404   404   404   404   404   in
branches:contact             in    404   may   may   404   may   may   may   404   404   may   may   may   in
branches:organisation_found  in    403   403   403   403   403   403   403   may   403   403   403   403   in
branches:organisation_rename in    403   403   403   403   403   403   403   may   403   403   403   403   in
branches:organisation_move   in    403   403   403   403   403   403   403   may   403   403   403   403   in
branches:organisation_class  in    403   403   403   403   403   403   403   may   403   403   403   403   in
branches:organisation_close  in    403   403   403   403   403   403   403   may   403   403   403   403   in
branches:account_new         in    403   403   403   403   403   403   403   403   403   403   may   403   in
branches:account_active      in    403   403   403   403   403   403   403   403   403   403   may   403   in
branches:account_password    in    403   403   403   403   403   403   403   403   403   403   may   403   in
branches:account_open        in    403   403   403   403   403   403   403   403   403   403   may   403   in
branches:appoint             in    403   403   403   403   403   403   403   403   403   403   may   403   in
branches:appointment_end     in    403   403   403   403   403   403   403   403   403   403   may   403   in
grids:row_new                in    may   may   may   may   may   403   403   may   403   403   403   403   in
grids:row_grid               in    may   may   may   may   may   403   403   may   403   403   403   403   in
grids:register_load          in    may   may   may   may   may   403   403   may   403   403   403   403   in
grids:registers_load         in    may   may   may   may   may   403   403   may   403   403   403   403   in
grids:rows_confirm           in    may   may   may   may   may   403   403   may   403   403   403   403   in
grids:row_edit               in    may   404   404   may   404   404   404   may   403   404   404   404   in
grids:row_void               in    may   404   404   may   404   404   404   may   403   404   404   404   in
grids:row_mark               in    may   404   404   may   404   404   404   may   403   404   404   404   in
grids:contact_phone          in    404   404   404   404   404   404   404   404   404   404   404   404   in
grids:merge                  in    403   404   404   may   404   404   404   may   403   404   404   404   in
grids:split                  in    403   404   404   may   404   404   404   may   403   404   404   404   in
grids:move                   in    403   404   404   may   404   404   404   may   403   404   404   404   in
grids:hand_over              in    403   403   403   may   403   403   403   may   403   403   403   403   in
grids:norms                  in    403   403   403   403   403   403   403   may   403   403   403   403   in
grids:check_accept           in    403   404   404   may   404   404   404   may   403   404   404   404   in
grids:exception_withdraw     in    403   404   404   may   404   404   404   may   403   404   404   404   in
grids:places_confirm         in    may   may   may   may   may   403   403   may   403   403   403   403   in
grids:places_load            in    may   may   may   may   may   403   403   may   403   403   403   403   in
grids:place_new              in    may   may   may   may   may   403   403   may   403   403   403   403   in
grids:place_change           in    may   404   404   may   404   404   404   may   403   404   404   404   in
grids:place_close            in    may   404   404   may   404   404   404   may   403   404   404   404   in
scoring:rubric_import        in    403   403   403   403   403   403   403   may   403   403   403   403   in
scoring:rubric_publish       in    403   403   403   403   403   403   403   may   403   404   404   404   in
scoring:rubric_discard       in    403   403   403   403   403   403   403   may   403   404   404   404   in
scoring:assessment           in    may   404   404   may   404   403   403   may   404   404   404   404   in
scoring:duties               in    may   403   403   may   403   403   403   may   403   403   403   403   in
scoring:duty_posts           in    may   403   403   may   403   403   403   may   403   403   403   403   in
scoring:paper                in    may   404   404   may   404   403   403   may   404   404   404   404   in
scoring:assessment_confirm   in    may   404   404   403   404   403   403   403   404   404   404   404   in
scoring:item_draft           in    may   404   404   may   404   404   403   may   404   404   404   404   in
scoring:item_withdraw        in    may   404   404   may   404   404   403   may   404   404   404   404   in
scoring:item_appeal          in    403   404   404   403   404   404   403   403   404   404   404   404   in
scoring:item_evidence        in    may   404   404   may   404   404   403   may   404   404   404   404   in
scoring:item_evidence_link   in    may   404   404   may   404   404   403   may   404   404   404   404   in
scoring:item_evidence_unlink in    403   404   404   403   404   404   403   403   404   404   404   404   in
scoring:open_period          in    403   403   403   403   403   403   403   may   403   403   403   403   in
scoring:join_period          in    403   403   403   403   403   403   403   may   403   404   404   404   in
scoring:close_period         in    403   403   403   403   403   403   403   may   403   404   404   404   in
scoring:reopen_period        in    403   403   403   403   403   403   403   may   403   404   404   404   in
scoring:settle_period        in    403   403   403   403   403   403   403   may   403   404   404   404   in
scoring:publish_period       in    403   403   403   403   403   403   403   may   403   404   404   404   in
scoring:recompute_period     in    403   403   403   403   403   403   403   may   403   404   404   404   in
scoring:vetoes               in    403   403   403   403   403   403   403   404   403   404   404   404   in
scoring:corrections          in    403   403   403   403   403   403   403   may   403   404   404   404   in
scoring:street_grid          in    403   403   403   may   may   403   403   403   403   403   403   403   in
scoring:department_data      in    403   403   403   403   403   may   may   403   403   403   403   403   in
scoring:sign_off             in    403   403   403   may   may   403   403   403   403   403   403   403   in
scoring:spot_checks          in    403   403   403   may   may   may   may   may   403   404   404   404   in
scoring:spot_check_agree     in    404   404   404   404   404   404   may   to    404   404   404   404   in
scoring:spot_result          in    404   404   404   404   404   404   may   403   404   404   404   404   in
scoring:spot_review          in    404   404   404   404   404   404   may   403   404   404   404   404   in
scoring:review_bulk          in    403   404   404   may   404   404   403   403   404   404   404   404   in
scoring:review_bulk_undo     in    403   403   403   may   may   403   403   may   403   403   403   403   in
scoring:review_undo          in    403   404   404   may   404   404   403   403   404   404   404   404   in
scoring:return_phrases       in    403   403   403   403   403   403   403   may   403   403   403   403   in
scoring:return_phrase        in    403   403   403   403   403   403   403   may   403   403   403   403   in
scoring:review_item          in    403   404   404   may   404   404   403   403   404   404   404   404   in
scoring:rule_item            in    403   404   404   403   404   404   403   may   404   404   404   404   in
scoring:unlock_item          in    403   404   404   403   404   404   403   may   404   404   404   404   in
grids:mine                   in    403   403   403   403   403   403   403   403   403   403   403   403   in
grids:mine_found             in    403   403   403   403   403   403   403   403   403   403   403   403   in
grids:mine_mended            in    403   403   403   403   403   403   403   403   403   403   403   403   in
grids:people                 in    may   404   404   may   404   404   404   may   403   404   404   404   in
grids:statistics             in    403   403   403   403   403   403   403   may   403   403   403   403   in
grids:statistics_seed        in    403   403   403   403   403   403   403   may   403   403   403   403   in
grids:measure                in    403   403   403   403   403   403   403   may   403   403   403   403   in
ledgers:verify               may   may   may   may   may   may   may   may   may   may   may   may   may   may
ledgers:issue                in    403   403   403   403   403   403   403   may   403   403   403   403   in
ledgers:automatic            in    403   403   403   403   403   403   403   may   403   403   403   403   in
ledgers:bundle_make          in    403   403   403   may   403   403   403   may   403   404   404   404   in
ledgers:batch_retry          in    404   404   404   404   404   404   404   may   404   404   404   404   in
ledgers:batch_cancel         in    404   404   404   404   404   404   404   may   404   404   404   404   in
ledgers:draft                in    may   403   403   may   403   403   403   may   403   404   404   404   in
ledgers:paper                in    may   403   403   may   403   403   403   may   403   404   404   404   in
"""

REFUSED = ("in", "to", "401", "403", "404", "405")


def table(text: str) -> dict[str, list[str]]:
    return {name: words for name, *words in (line.split() for line in text.strip().splitlines()[1:])}


def names() -> list[str]:
    return [route.name for route in all_routes()]


# -- the tables are whole


def test_every_route_stands_in_the_tables() -> None:
    reading = list(table(READING))
    assert sorted(names()) == sorted([*reading, *ONLY_POST])
    assert [name for name in table(WRITING) if name not in names()] == []
    assert len(names()) == len(set(names()))


def test_every_row_has_a_word_for_everybody() -> None:
    rows = {**table(READING), **table(WRITING)}
    assert {name: len(words) for name, words in rows.items() if len(words) != len(PRINCIPALS)} == {}


# -- reading


def test_reading(autumn: Autumn, draft: Job) -> None:
    given, who, wanted = arguments(autumn, draft), browsers(autumn), table(READING)
    got = {
        route.name: [word_of(client.get(bound(route, given))) for client in who.values()]
        for route in all_routes()
        if route.name in wanted
    }
    assert differences(got, wanted) == []


def test_what_only_takes_post_shows_nothing(autumn: Autumn, draft: Job) -> None:
    given, who = arguments(autumn, draft), browsers(autumn)
    before = rows_digest()
    got = {
        (route.name, word_of(client.get(bound(route, given))))
        for route in all_routes()
        if route.name in ONLY_POST
        for client in who.values()
    }
    assert sorted(pair for pair in got if pair[1] not in ("405", "in")) == []
    assert rows_digest() == before


# -- writing


def test_without_the_right_nothing_changes(autumn: Autumn, draft: Job) -> None:
    given, who, form, wanted = arguments(autumn, draft), browsers(autumn), posted(autumn), table(WRITING)
    before = rows_digest()
    got = {}
    for route in all_routes():
        may = wanted.get(route.name, ["405"] * len(PRINCIPALS))
        if route.name == "core:logout":
            continue
        got[route.name] = [
            word if word == "may" else word_of(client.post(bound(route, given), form | OF_ROUTE.get(route.name, {})))
            for word, client in zip(may, who.values(), strict=True)
        ]
        assert route.name not in wanted or rows_digest() == before, route.name
    assert rows_digest() == before
    writing = {name: words for name, words in got.items() if name in wanted}
    assert differences(writing, wanted) == []
    others = {word for name, words in got.items() if name not in wanted for word in words}
    assert others == {"405", "in", "401"}
    assert {word for words in writing.values() for word in words} <= {*REFUSED, "may"}


def test_with_the_right_the_act_is_not_refused_for_the_person(autumn: Autumn, draft: Job) -> None:
    """Each act is taken back afterwards, so that everybody finds the same month."""
    given, who, form, wanted = arguments(autumn, draft), browsers(autumn), posted(autumn), table(WRITING)
    got = set()
    for route in all_routes():
        for principal, word in zip(PRINCIPALS, wanted.get(route.name, ()), strict=False):
            if word == "may":
                with taken_back():
                    sent = form | OF_ROUTE.get(route.name, {})
                    got.add((word_of(who[principal].post(bound(route, given), sent)), route.name, principal))
    assert sorted(row for row in got if row[0] not in ("ok", "to", "409", "422")) == []


# The ranking that ledgers are issued of is September's.
STREET_BUNDLE = {"month": "2026-09", "kind": "archive", "organisation": "411002001"}
OF_ROUTE = {
    "scoring:spot_review": {"outcome": "set"},
    "ledgers:issue": {"month": "2026-09"},
    "ledgers:bundle_make": STREET_BUNDLE,
}


class Back(Exception):
    """Raised to roll a transaction back."""


@contextmanager
def taken_back() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            raise Back
    except Back:
        pass


def differences(got: dict[str, list[str]], wanted: dict[str, list[str]]) -> list[str]:
    return [
        f"{name} {principal}: {word}, not {expected}"
        for name, words in wanted.items()
        for principal, word, expected in zip(PRINCIPALS, got[name], words, strict=True)
        if word != expected
    ]
