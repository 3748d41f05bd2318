from django.urls import URLPattern, URLResolver, path

from ledgers.views import automatic, batches, bundles, drafts, ledgers, papers, verify

app_name = "ledgers"
urlpatterns: list[URLPattern | URLResolver] = [
    path("ledgers/", ledgers.ledgers, name="ledgers"),
    path("ledgers/issue/", ledgers.issue, name="issue"),
    path("ledgers/automatic/", automatic.automatic, name="automatic"),
    path("ledgers/batches/<int:pk>/", batches.batch, name="batch"),
    path("ledgers/batches/<int:pk>/retry/", batches.batch_retry, name="batch_retry"),
    path("ledgers/batches/<int:pk>/cancel/", batches.batch_cancel, name="batch_cancel"),
    path("ledgers/bundles/", bundles.bundles, name="bundles"),
    path("ledgers/bundles/make/", bundles.bundle_make, name="bundle_make"),
    path("ledgers/bundles/<int:pk>/file/", bundles.bundle_file, name="bundle_file"),
    path("ledgers/drafts/", drafts.draft, name="draft"),
    path("ledgers/drafts/<int:pk>/", drafts.draft_print, name="draft_print"),
    path("ledgers/drafts/<int:pk>/pdf/", drafts.draft_pdf, name="draft_pdf"),
    path("papers/", papers.papers, name="papers"),
    path("papers/print/", papers.paper, name="paper"),
    path("papers/print/<int:pk>/", papers.paper_print, name="paper_print"),
    path("papers/print/<int:pk>/pdf/", papers.paper_pdf, name="paper_pdf"),
    path("papers/weekly/<int:pk>/", papers.weekly, name="weekly"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<slug:code>/", verify.verify_code, name="verify_code"),
    path("ledgers/<slug:number>/", ledgers.ledger, name="ledger"),
    path("ledgers/<slug:number>/pdf/", ledgers.pdf, name="pdf"),
    path("ledgers/<slug:number>/xlsx/", ledgers.xlsx, name="xlsx"),
]
