"""What was handed in stays as it was: the database itself refuses a change. Names of people may be blotted out."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION cities_eoiversion_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE'
        OR to_jsonb(OLD) - 'submitted_by_label' - 'saves' IS DISTINCT FROM to_jsonb(NEW) - 'submitted_by_label' - 'saves'
    THEN
        RAISE EXCEPTION 'version % of an Expression of Interest was handed in and does not change', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'eoi_version_frozen';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER eoi_version_frozen BEFORE UPDATE OR DELETE ON cities_eoiversion
    FOR EACH ROW EXECUTE FUNCTION cities_eoiversion_changes();
"""
THAW = """
DROP TRIGGER eoi_version_frozen ON cities_eoiversion;
DROP FUNCTION cities_eoiversion_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("cities", "0022_eoi")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
