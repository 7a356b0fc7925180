"""A version of the standard approach that was decided never changes: the database itself refuses it.

Sections, promises and measures follow the state of their version, with triggers per statement as the parts of a
contract have (0003).
"""

from django.db import migrations

PARTS = ("contracts_standardsection", "contracts_standardpromise", "contracts_standardmeasure")

FUNCTIONS = """
CREATE FUNCTION contracts_refuse_if_decided(changed bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE frozen bigint;
BEGIN
    PERFORM 1 FROM contracts_standardversion v WHERE v.id = ANY (changed) ORDER BY v.id FOR SHARE;
    SELECT v.id INTO frozen FROM contracts_standardversion v
        WHERE v.id = ANY (changed) AND v.state NOT IN ('draft', 'proposed') LIMIT 1;
    IF frozen IS NOT NULL THEN
        RAISE EXCEPTION 'version % of the standard approach is decided and does not change', frozen
            USING ERRCODE = 'check_violation', CONSTRAINT = 'standard_frozen';
    END IF;
END $$;

CREATE FUNCTION contracts_standard_part_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM contracts_refuse_if_decided(ARRAY (SELECT DISTINCT n.version_id FROM new_rows n));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM contracts_refuse_if_decided(ARRAY (SELECT DISTINCT o.version_id FROM old_rows o));
    ELSE
        PERFORM contracts_refuse_if_decided(ARRAY (
            SELECT DISTINCT unnest(ARRAY[o.version_id, n.version_id])
            FROM old_rows o FULL JOIN new_rows n ON n.id = o.id
            WHERE to_jsonb(o) IS DISTINCT FROM to_jsonb(n)
        ));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION contracts_standard_version_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('draft', 'proposed') THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR NEW.state IN ('draft', 'proposed')
        OR (NEW.id, NEW.standard_id, NEW.number, NEW.intro_nl, NEW.intro_en, NEW.revision, NEW.decided_on)
           IS DISTINCT FROM
           (OLD.id, OLD.standard_id, OLD.number, OLD.intro_nl, OLD.intro_en, OLD.revision, OLD.decided_on)
        OR (OLD.published_on IS NOT NULL AND NEW.published_on IS DISTINCT FROM OLD.published_on)
    THEN
        RAISE EXCEPTION 'version % of the standard approach is decided and does not change', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'standard_frozen';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER standard_frozen BEFORE UPDATE OR DELETE ON contracts_standardversion
    FOR EACH ROW EXECUTE FUNCTION contracts_standard_version_changes();
"""

TRIGGERS = """
CREATE TRIGGER part_frozen_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION contracts_standard_part_changes();
CREATE TRIGGER part_frozen_update AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION contracts_standard_part_changes();
CREATE TRIGGER part_frozen_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION contracts_standard_part_changes();
"""
UNDO_TRIGGERS = """
DROP TRIGGER part_frozen_insert ON {table};
DROP TRIGGER part_frozen_update ON {table};
DROP TRIGGER part_frozen_delete ON {table};
"""
UNDO = """
DROP TRIGGER standard_frozen ON contracts_standardversion;
DROP FUNCTION contracts_standard_version_changes();
DROP FUNCTION contracts_standard_part_changes();
DROP FUNCTION contracts_refuse_if_decided(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0020_standard_approach")]

    operations = [
        migrations.RunSQL(
            FUNCTIONS + "".join(TRIGGERS.format(table=table) for table in PARTS),
            "".join(UNDO_TRIGGERS.format(table=table) for table in PARTS) + UNDO,
        )
    ]
