from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "scoring"
    verbose_name = "考评"

    def ready(self) -> None:
        from branches import page_links as organisation_links
        from core import audit_words, guards
        from core.immutability import append_only, frozen_when
        from scoring import jobs, models, page_links
        from scoring.audit_words import WORDS
        from scoring.guards import (
            closing_waits_for_the_month,
            grids_wait_for_the_month,
            moving_waits_for_a_new_month,
        )
        from scoring.selectors.result_links import link_to_results
        from scoring.selectors.spot_checks import link_to_spot_checks

        for model in (
            models.Report,
            models.Confirmation,
            models.GroundBasis,
            models.Review,
            models.Ruling,
            models.Appeal,
            models.ItemUnlock,
            models.Evidence,
            models.EvidenceLink,
            models.EvidenceRemoval,
            models.Veto,
            models.SignOff,
            models.SpotCheck,
            models.SpotCheckItem,
            models.SpotCheckResult,
            models.Publication,
            models.Standing,
            models.TaskAssignment,
        ):
            append_only(model)
        frozen_when(
            models.CorrectionProposal,
            "OLD.state NOT IN ('draft', 'proposed')",
            [field.get_attname() for field in models.CorrectionProposal._meta.concrete_fields],
        )
        frozen_when(models.Rubric, "OLD.state = 'published'", ("content", "sha256", "state", "first_month", "track"))
        audit_words.register(WORDS)
        jobs.register()
        page_links.register(link_to_spot_checks)
        organisation_links.register(link_to_results)
        guards.register("organisation.close", closing_waits_for_the_month)
        for act in ("grid.close", "grid.merge", "grid.split"):
            guards.register(act, grids_wait_for_the_month)
        guards.register("grid.move", moving_waits_for_a_new_month)
