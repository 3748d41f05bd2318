from django.apps import AppConfig


class GridsConfig(AppConfig):
    name = "grids"
    verbose_name = "网格底数"

    def ready(self) -> None:
        from core import audit_words, guards, suggestions
        from core.immutability import append_only
        from grids import models
        from grids.audit_words import WORDS
        from grids.guards import closing_waits_for_the_ground
        from grids.suggestions import documents

        audit_words.register(WORDS)
        for model in (
            models.GridState,
            models.CourtyardState,
            models.CentreState,
            models.PostCount,
            models.GridSuccession,
            models.Statistic,
            models.Norm,
        ):
            append_only(model)
        append_only(models.ActRow, digested=False)
        guards.register("organisation.close", closing_waits_for_the_ground)
        suggestions.register("documents", documents)
