"""Published rankings over the API: to each reader as much as the publication allows."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from branches.choices import Track
from core.pagination import Pages
from scoring.api.changes import ChangeSerializer
from scoring.api.parts import PK, Month
from scoring.choices import Visibility
from scoring.filters import PublicationFilter
from scoring.models import Publication
from scoring.selectors.changes import changes_between, seen_changes
from scoring.selectors.ranking import own_codes, ranking_table


class FewPages(Pages):
    """A publication is large: every standing of a month, out of everything that was published."""

    page_size = 12
    max_page_size = 24


class StandingSerializer(serializers.Serializer[dict[str, Any]]):
    """One place. Equal totals share a place (`tie`); `place` and `total` are null where they are not shown to you."""

    organisation = serializers.CharField()
    name = serializers.CharField()
    street_name = serializers.CharField()
    track = serializers.ChoiceField(choices=Track.choices)
    place = serializers.IntegerField(allow_null=True)
    tie = serializers.BooleanField(source="is_tied")
    out_of = serializers.IntegerField(help_text="how many were ranked together")
    total = serializers.CharField(allow_null=True, help_text="exact, two places")
    star_level = serializers.IntegerField(help_text="computed, no award")
    explanation = serializers.CharField(allow_null=True, help_text="the place in one Chinese sentence, where total is")


class IncompleteSerializer(serializers.Serializer[dict[str, Any]]):
    """Assessed and not ranked, because items were empty."""

    organisation = serializers.CharField()
    name = serializers.CharField()
    street_name = serializers.CharField()
    track = serializers.ChoiceField(choices=Track.choices)
    empty_items = serializers.IntegerField()
    tasks = serializers.ListField(child=serializers.IntegerField())


class PublicationSerializer(serializers.ModelSerializer[Publication]):
    """What was published of a month. A correction is the next number and supersedes the one before."""

    programme = serializers.CharField(source="period.programme.code", read_only=True)
    month = Month(source="period.month")
    title = serializers.CharField(source="data.title", read_only=True)
    label = serializers.CharField(  # type: ignore[assignment]
        source="data.label", read_only=True, help_text="marks samples; may be empty"
    )
    published_by = serializers.CharField(source="data.published.position", read_only=True, help_text="the post")
    supersedes = serializers.IntegerField(source="supersedes.number", read_only=True, allow_null=True)
    superseded = serializers.SerializerMethodField()
    rule = serializers.CharField(source="data.rules.sentence", read_only=True, help_text="how places were given")
    visibility = serializers.ChoiceField(source="shown.visibility", choices=Visibility.choices, read_only=True)
    standings = StandingSerializer(source="shown.standings", many=True, read_only=True)
    incomplete = IncompleteSerializer(source="shown.incomplete", many=True, read_only=True)

    class Meta:
        model = Publication
        fields: tuple[str, ...] = (
            *("id", "programme", "month", "number", "title", "label", "published_by", "at", "reason", "sha256"),
            *("supersedes", "superseded", "rule", "visibility", "standings", "incomplete"),
        )

    @extend_schema_field(serializers.BooleanField)
    def get_superseded(self, publication: Publication) -> bool:
        return hasattr(publication, "superseded_by")

    def to_representation(self, instance: Publication) -> dict[str, Any]:
        """Each publication is read, shown as far as this account may see it, and forgotten before the next."""
        instance.shown = ranking_table(instance, self.context["request"].user, self.own)  # type: ignore[attr-defined]
        row = super().to_representation(instance)
        del instance.data, instance.shown  # type: ignore[attr-defined]
        return row

    @cached_property
    def own(self) -> set[str]:
        """Asked once for a whole list: its rows share one serializer."""
        return own_codes(self.context["request"].user)


class PublicationDetailSerializer(PublicationSerializer):
    """One publication, with what changed against last month's publication then in force and which tasks caused it."""

    changes = serializers.SerializerMethodField()

    class Meta(PublicationSerializer.Meta):
        fields = (*PublicationSerializer.Meta.fields, "changes")

    @extend_schema_field(ChangeSerializer(many=True))
    def get_changes(self, publication: Publication) -> Any:
        previous = publication.data.get("previous")
        moved = changes_between(previous["sha256"], publication.sha256) if previous else ()
        complete = [change for change in moved if change.is_complete]
        shown = publication.shown["visibility"]  # type: ignore[attr-defined]
        seen = seen_changes(complete, shown, self.own)
        return ChangeSerializer(seen, many=True).data  # type: ignore[arg-type]


class PublicationViewSet(ReadOnlyModelViewSet[Publication]):
    """Published rankings, newest month first. Outside the district you see of the standings what the publication
    allows: nothing, star levels, places, or places with totals; your own organisations always in full."""

    policy = "visible_to"
    serializer_class = PublicationSerializer
    filterset_class = PublicationFilter
    pagination_class = FewPages
    lookup_value_regex = PK
    queryset = Publication.objects.none()

    def get_serializer_class(self) -> type[PublicationSerializer]:
        return PublicationDetailSerializer if self.action == "retrieve" else PublicationSerializer

    def get_queryset(self) -> QuerySet[Publication]:
        return (
            Publication.objects.visible_to(self.request.user)  # type: ignore[arg-type]
            .select_related("period__programme", "supersedes", "superseded_by")
            .defer("supersedes__content", "superseded_by__content")
            .order_by("-period__month", "period", "-number")
        )
