"""Let the database itself refuse changes of the audit log and of the changes of state."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION core_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are written once and never changed', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON core_auditevent
    FOR EACH ROW EXECUTE FUNCTION core_append_only();
CREATE TRIGGER transition_append_only BEFORE UPDATE OR DELETE ON core_transition
    FOR EACH ROW EXECUTE FUNCTION core_append_only();
"""
REVERSE = """
DROP TRIGGER transition_append_only ON core_transition;
DROP TRIGGER audit_append_only ON core_auditevent;
DROP FUNCTION core_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_jobs_mail_files")]

    operations = [migrations.RunSQL(FORWARD, REVERSE)]
