"""Lessons that were published before versions were kept: what stands there is their first version, for everybody."""

from django.db import migrations
from django.db.models import F
from django.db.models.functions import Coalesce

BATCH = 1_000


def keep_first_versions(apps, schema_editor):
    Lesson = apps.get_model("activities", "Lesson")
    Version = apps.get_model("activities", "LessonVersion")
    published = Lesson.objects.filter(state="published", edition=0)
    rows = published.annotate(moment=Coalesce(F("published_at"), F("changed_at"))).values_list(
        "pk", "title", "what_worked", "what_failed", "moment"
    )
    Version.objects.bulk_create(
        [
            Version(
                lesson_id=pk,
                number=1,
                title=title,
                what_worked=worked,
                what_failed=failed,
                published_at=moment,
            )
            for pk, title, worked, failed, moment in rows
        ],
        batch_size=BATCH,
    )
    published.update(edition=1, audiences=["everybody"])
    Lesson.objects.filter(key__startswith="review-effort-", origin="").update(origin="review")


class Migration(migrations.Migration):
    dependencies = [("activities", "0040_lessons_whole")]

    operations = [migrations.RunPython(keep_first_versions, migrations.RunPython.noop)]
