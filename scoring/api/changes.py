"""What moved against last month, over the API: as far as the publication lets this account see it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from scoring.api.parts import Hundredths
from scoring.calc.changes import Cause, Change, StarChange


class CauseSerializer(serializers.Serializer[Cause]):
    """One task that moved the star; the causes of a star add up to its points exactly."""

    task_key = serializers.CharField(source="key")
    task_number = serializers.IntegerField(source="number")
    points = Hundredths(help_text="exact, two places, may be negative")
    applicable = Hundredths(help_text="full points that came or went with 不涉及")
    gone = serializers.BooleanField(source="is_gone", help_text="not in the newer edition")


class StarChangeSerializer(serializers.Serializer[StarChange]):
    """A star that moved: `step` is 1 when won, -1 when lost, 0 when only its points moved."""

    code = serializers.CharField()
    name = serializers.CharField()
    step = serializers.IntegerField()
    points = Hundredths()
    causes = CauseSerializer(many=True)
    notes = serializers.ListField(child=serializers.CharField(), help_text="other causes, Chinese")


class ChangeSerializer(serializers.Serializer[Change]):
    """One community against last month's publication; `null` and empty lists where it is not shown to you."""

    organisation = serializers.CharField()
    name = serializers.CharField()
    star_level_before = serializers.IntegerField()
    star_level = serializers.IntegerField()
    total_before = Hundredths()
    total = Hundredths()
    place_before = serializers.IntegerField(allow_null=True)
    place = serializers.IntegerField(allow_null=True)
    stars = StarChangeSerializer(many=True)

    def to_representation(self, instance: Change) -> dict[str, Any]:
        pairs = {"star_level": instance.levels, "total": instance.totals, "place": instance.places}
        parts = {"organisation": instance.organisation, "name": instance.name, "stars": instance.stars}
        flat = {f"{name}_before": before for name, (before, _) in pairs.items()}
        flat |= {name: now for name, (_, now) in pairs.items()}
        return dict(super().to_representation(parts | flat))  # type: ignore[arg-type]
