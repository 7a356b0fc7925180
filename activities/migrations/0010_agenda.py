

import django.db.models.deletion
import django.utils.timezone
import nss_portal.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0005_latest_first'),
        ('cities', '0051_propositions'),
        ('governance', '0003_ended_at_once'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', nss_portal.core.ids.PublicIdField(default=nss_portal.core.ids.new_public_id, editable=False, max_length=12, unique=True)),
                ('key', models.CharField(blank=True, editable=False, max_length=120, null=True, unique=True)),
                ('kind', models.CharField(choices=[('deep_dive', 'Dutch Deep Dive'), ('reflection', 'reflection session'), ('case_table', 'case table'), ('thematic', 'thematic session'), ('training', 'training'), ('event', 'event'), ('visit', 'work visit or climate transition lab')], max_length=12, verbose_name='kind')),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('summary', models.CharField(blank=True, max_length=300, verbose_name='in one or two sentences')),
                ('body', models.TextField(blank=True, verbose_name='description')),
                ('audience', models.CharField(choices=[('cop', 'Community of Practice (mission cities)'), ('nop', 'Network of Practice (mission and EoI cities)'), ('interested', 'interested municipalities too'), ('everybody', 'everybody')], default='nop', max_length=12, verbose_name='for whom')),
                ('sharing', models.CharField(choices=[('audience', 'those for whom it is'), ('published', 'everybody')], default='audience', max_length=12, verbose_name='who reads it')),
                ('questions', models.TextField(blank=True, verbose_name='questions')),
                ('required_preparation', models.TextField(blank=True, verbose_name='preparation')),
                ('learning_goals', models.TextField(blank=True, verbose_name='what one can do afterwards')),
                ('host', models.CharField(blank=True, max_length=160, verbose_name='who receives')),
                ('mandate', models.TextField(blank=True, verbose_name='what can be decided at the table')),
                ('programme_text', models.TextField(blank=True, verbose_name='programme of the day')),
                ('is_series', models.BooleanField(default=False, verbose_name='meets regularly')),
                ('standing_agenda', models.TextField(blank=True, verbose_name='standing agenda')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('planned', 'being planned'), ('published', 'open'), ('held', 'held'), ('closed', 'rounded off'), ('cancelled', 'cancelled')], default='draft', editable=False, max_length=12, verbose_name='state')),
                ('cancel_reason', models.CharField(blank=True, editable=False, max_length=500, verbose_name='why it is cancelled')),
                ('preparation_hours', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, verbose_name='hours of preparation per city')),
                ('capacity', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='places')),
                ('needs_approval', models.BooleanField(default=False, verbose_name='the organiser approves who takes part')),
                ('meeting', models.CharField(choices=[('on_site', 'on site'), ('online', 'online'), ('hybrid', 'on site and online')], default='on_site', max_length=10, verbose_name='how people meet')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('online_url', models.URLField(blank=True, max_length=500, verbose_name='address of the online meeting')),
                ('time_zone', models.CharField(choices=[('Europe/Amsterdam', 'the Netherlands'), ('Europe/London', 'Ireland and the United Kingdom'), ('Europe/Lisbon', 'Portugal'), ('Europe/Helsinki', 'Finland and the Baltic states'), ('Europe/Athens', 'Greece, Bulgaria and Romania'), ('UTC', 'world time (UTC)')], default='Europe/Amsterdam', max_length=40, verbose_name='clock')),
                ('starts_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='begins')),
                ('ends_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='ends')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('is_illustrative', models.BooleanField(default=False, verbose_name='made up for the demonstration')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='made')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='last changed')),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='published')),
                ('bottlenecks', models.ManyToManyField(blank=True, related_name='activities', to='cities.bottleneck', verbose_name='bottlenecks that it treats')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invited', models.ManyToManyField(blank=True, related_name='invited_to_activities', to='governance.organisation', verbose_name='invited organisations')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='governance.organisation', verbose_name='led by')),
                ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposed_activities', to='governance.organisation', verbose_name='proposed by')),
                ('steps', models.ManyToManyField(blank=True, related_name='activities', to='cities.transitionstep', verbose_name='steps of the transition map')),
                ('theme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='cities.theme', verbose_name='theme')),
            ],
            options={
                'verbose_name': 'activity',
                'verbose_name_plural': 'activities',
                'ordering': ['starts_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('activity', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='outcome', serialize=False, to='activities.activity')),
                ('possible', models.TextField(blank=True, verbose_name='what is possible')),
                ('who_is_up', models.TextField(blank=True, verbose_name='who is up')),
                ('scaling_up', models.TextField(blank=True, verbose_name='how to scale up')),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='published')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='last changed')),
            ],
            options={
                'verbose_name': 'outcome for the roadmap',
                'verbose_name_plural': 'outcomes for the roadmap',
            },
        ),
        migrations.CreateModel(
            name='ActivitySession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField(verbose_name='begins')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('agenda', models.TextField(blank=True, verbose_name='agenda')),
                ('is_listed', models.BooleanField(default=True, editable=False)),
                ('activity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='activities.activity')),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'ordering': ['starts_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Participation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('participant', 'participant'), ('speaker', 'speaker'), ('chair', 'chair'), ('mandate', 'decides with a mandate'), ('support', 'support')], default='participant', max_length=12, verbose_name='role')),
                ('state', models.CharField(choices=[('invited', 'invited'), ('requested', 'waits for approval'), ('registered', 'takes part'), ('waiting', 'on the waiting list'), ('declined', 'does not come'), ('withdrawn', 'withdrew'), ('refused', 'not admitted')], default='registered', max_length=12, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('attended', models.BooleanField(blank=True, null=True, verbose_name='was there')),
                ('queued_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='last changed')),
                ('activity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participations', to='activities.activity')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='governance.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'participation',
                'verbose_name_plural': 'participations',
                'ordering': ['activity', 'queued_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ReflectionCapacity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('money', models.CharField(choices=[('yes', 'yes'), ('partly', 'partly'), ('no', 'no'), ('unknown', 'not known yet')], max_length=8, verbose_name='money')),
                ('people', models.CharField(choices=[('yes', 'yes'), ('partly', 'partly'), ('no', 'no'), ('unknown', 'not known yet')], max_length=8, verbose_name='people')),
                ('partners', models.CharField(choices=[('yes', 'yes'), ('partly', 'partly'), ('no', 'no'), ('unknown', 'not known yet')], max_length=8, verbose_name='partners')),
                ('signing', models.CharField(choices=[('yes', 'yes'), ('partly', 'partly'), ('no', 'no'), ('unknown', 'not known yet')], max_length=8, verbose_name='room to sign')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='what is needed')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='last changed')),
                ('activity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='capacities', to='activities.activity')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reflection_capacities', to='governance.organisation')),
            ],
            options={
                'verbose_name': 'capacity to follow',
                'verbose_name_plural': 'capacities to follow',
                'ordering': ['organisation__name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ReflectionSubject',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('kind', models.CharField(choices=[('activity', 'interim result of a Deep Dive or another activity'), ('programme', 'interim result of a programme'), ('roadmap', 'part of the roadmap'), ('standard', 'part of the standard approach')], default='activity', max_length=10, verbose_name='what it is')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('finding', models.TextField(blank=True, verbose_name='what came out of it so far')),
                ('url', models.CharField(blank=True, max_length=300)),
                ('about', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reflected_in', to='activities.activity')),
                ('activity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subjects', to='activities.activity')),
                ('step', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cities.transitionstep')),
            ],
            options={
                'verbose_name': 'subject of a reflection',
                'verbose_name_plural': 'subjects of a reflection',
                'ordering': ['activity', 'order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='TableCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('question', models.TextField(verbose_name='what is asked of the table')),
                ('background', models.TextField(blank=True, verbose_name='background')),
                ('activity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cases', to='activities.activity')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='table_cases', to='governance.organisation', verbose_name='brought by')),
            ],
            options={
                'verbose_name': 'case',
                'verbose_name_plural': 'cases',
                'ordering': ['activity', 'order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_decision', models.BooleanField(default=False, verbose_name='decision')),
                ('text', models.CharField(max_length=500, verbose_name='what was agreed')),
                ('due_on', models.DateField(verbose_name='by')),
                ('state', models.CharField(choices=[('open', 'open'), ('done', 'done'), ('dropped', 'dropped')], default='open', editable=False, max_length=8, verbose_name='state')),
                ('result', models.CharField(blank=True, max_length=500, verbose_name='what became of it')),
                ('settled_on', models.DateField(blank=True, editable=False, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('activity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='activities.activity')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='governance.organisation', verbose_name='who sees to it')),
                ('owner_user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='agreements', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('session', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='agreements', to='activities.activitysession')),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='agreements', to='activities.tablecase', verbose_name='case')),
            ],
            options={
                'verbose_name': 'agreement',
                'verbose_name_plural': 'agreements',
                'ordering': ['due_on', 'pk'],
            },
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['organisation', 'state'], name='activity_organiser_state'),
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['ends_at', 'id'], name='activity_by_end'),
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['state', 'starts_at'], name='activity_state_start'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('audience', 'everybody'), _negated=True), ('sharing', 'published'), _connector='OR'), name='activity_for_everybody_is_read_by_all', violation_error_message='What is for everybody is read by everybody.'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'cancelled'), _negated=True), models.Q(('cancel_reason', ''), _negated=True), _connector='OR'), name='activity_cancelled_says_why', violation_error_message='Say why the activity is cancelled.'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['published', 'held', 'closed']), _negated=True), models.Q(('ends_at__isnull', False), ('starts_at__isnull', False)), _connector='OR'), name='activity_open_has_its_dates', violation_error_message='Say when the activity takes place.'),
        ),
        migrations.AddIndex(
            model_name='activitysession',
            index=models.Index(fields=['ends_at', 'starts_at'], name='session_by_end'),
        ),
        migrations.AddConstraint(
            model_name='activitysession',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='session_ends_after_it_begins', violation_error_message='The end lies before the beginning.'),
        ),
        migrations.AddConstraint(
            model_name='activitysession',
            constraint=models.UniqueConstraint(fields=('activity', 'starts_at'), name='session_once_at_a_time', violation_error_message='There is a session at this time already.'),
        ),
        migrations.AddIndex(
            model_name='participation',
            index=models.Index(fields=['user', 'state'], name='participation_person_state'),
        ),
        migrations.AddIndex(
            model_name='participation',
            index=models.Index(fields=['activity', 'state', 'queued_at'], name='participation_queue'),
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.UniqueConstraint(fields=('activity', 'user'), name='participation_once_per_person', violation_error_message='This person is registered already.'),
        ),
        migrations.AddConstraint(
            model_name='reflectioncapacity',
            constraint=models.UniqueConstraint(fields=('activity', 'organisation'), name='reflection_capacity_once_per_city', violation_error_message='The city recorded this already.'),
        ),
        migrations.AddIndex(
            model_name='agreement',
            index=models.Index(fields=['owner', 'state', 'due_on'], name='agreement_owner_open'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'open'), ('settled_on__isnull', False), _connector='OR'), name='agreement_settled_has_its_day', violation_error_message='An agreement that is settled has the day on which it was.'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'dropped'), _negated=True), models.Q(('result', ''), _negated=True), _connector='OR'), name='agreement_dropped_says_why', violation_error_message='Say why this is dropped.'),
        ),
    ]
