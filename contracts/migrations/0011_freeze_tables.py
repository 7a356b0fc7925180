"""Rows of tables and texts of sections follow the state of their version, as parties and actions do.

Who is responsible at a party may change at any time, like how to reach them: it is no part of what was agreed.
When a section's text was saved says nothing of what it says.
"""

from django.db import migrations

TABLES = ("contracts_tablerow", "contracts_sectiontext")
BEFORE = "- 'contact_position' - 'contact_email' - 'revision'"
AFTER = f"{BEFORE} - 'responsible_name' - 'saved_at'"

FUNCTION = """
CREATE OR REPLACE FUNCTION contracts_part_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM contracts_refuse_if_frozen(ARRAY (SELECT DISTINCT n.version_id FROM new_rows n));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM contracts_refuse_if_frozen(ARRAY (SELECT DISTINCT o.version_id FROM old_rows o));
    ELSE
        PERFORM contracts_refuse_if_frozen(ARRAY (
            SELECT DISTINCT unnest(ARRAY[o.version_id, n.version_id])
            FROM old_rows o FULL JOIN new_rows n ON n.id = o.id
            WHERE to_jsonb(o) {left_out} IS DISTINCT FROM to_jsonb(n) {left_out}
        ));
    END IF;
    RETURN NULL;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER part_frozen_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION contracts_part_changes();
CREATE TRIGGER part_frozen_update AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION contracts_part_changes();
CREATE TRIGGER part_frozen_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION contracts_part_changes();
"""

UNDO = """
DROP TRIGGER part_frozen_insert ON {table};
DROP TRIGGER part_frozen_update ON {table};
DROP TRIGGER part_frozen_delete ON {table};
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0010_template_and_tables")]

    operations = [
        migrations.RunSQL(
            FUNCTION.replace("{left_out}", AFTER) + "".join(TRIGGERS.format(table=table) for table in TABLES),
            "".join(UNDO.format(table=table) for table in TABLES) + FUNCTION.replace("{left_out}", BEFORE),
        )
    ]
