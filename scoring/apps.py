from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "scoring"
    verbose_name = "考评"

    def ready(self) -> None:
        from core import audit_words, guards
        from core.immutability import append_only, frozen_when
        from scoring import jobs, models
        from scoring.audit_words import WORDS
        from scoring.guards import closing_waits_for_the_month

        for model in (
            models.Report,
            models.Review,
            models.Ruling,
            models.Appeal,
            models.ItemUnlock,
            models.Evidence,
            models.EvidenceLink,
            models.EvidenceRemoval,
            models.Veto,
            models.SignOff,
            models.Publication,
            models.Standing,
            models.TaskAssignment,
        ):
            append_only(model)
        frozen_when(models.Rubric, "OLD.state = 'published'", ("content", "sha256", "state", "first_month", "track"))
        audit_words.register(WORDS)
        jobs.register()
        guards.register("organisation.close", closing_waits_for_the_month)
