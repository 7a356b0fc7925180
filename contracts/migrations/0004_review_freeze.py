"""A closed review never changes, nor does a closed round: the database itself refuses it.

What a review asked and what was answered (parts and efforts) freezes with it. Only the tie to a lesson or a
bottleneck may fall away, since these have a life of their own, and a personal link may be made worthless.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION contracts_closed_review_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'closed' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN
        RAISE EXCEPTION '% % is closed and does not change', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'review_frozen';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION contracts_refuse_if_review_closed(reviews bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE frozen bigint;
BEGIN
    SELECT r.id INTO frozen FROM contracts_annualreview r WHERE r.id = ANY (reviews) AND r.state = 'closed' LIMIT 1;
    IF frozen IS NOT NULL THEN
        RAISE EXCEPTION 'review % is closed and does not change', frozen
            USING ERRCODE = 'check_violation', CONSTRAINT = 'review_frozen';
    END IF;
END $$;

CREATE FUNCTION contracts_review_part_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM contracts_refuse_if_review_closed(ARRAY (SELECT DISTINCT n.review_id FROM new_rows n));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM contracts_refuse_if_review_closed(ARRAY (SELECT DISTINCT o.review_id FROM old_rows o));
    ELSE
        PERFORM contracts_refuse_if_review_closed(ARRAY (
            SELECT DISTINCT unnest(ARRAY[o.review_id, n.review_id])
            FROM old_rows o FULL JOIN new_rows n ON n.id = o.id
            WHERE to_jsonb(o) - 'link_nonce' IS DISTINCT FROM to_jsonb(n) - 'link_nonce'
        ));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION contracts_review_effort_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM contracts_refuse_if_review_closed(ARRAY (
            SELECT DISTINCT p.review_id FROM new_rows n JOIN contracts_partyreview p ON p.id = n.part_id));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM contracts_refuse_if_review_closed(ARRAY (
            SELECT DISTINCT p.review_id FROM old_rows o JOIN contracts_partyreview p ON p.id = o.part_id));
    ELSE
        PERFORM contracts_refuse_if_review_closed(ARRAY (
            SELECT DISTINCT p.review_id
            FROM old_rows o FULL JOIN new_rows n ON n.id = o.id
            JOIN contracts_partyreview p ON p.id IN (o.part_id, n.part_id)
            WHERE to_jsonb(o) - 'lesson_id' - 'bottleneck_id' IS DISTINCT FROM
                  to_jsonb(n) - 'lesson_id' - 'bottleneck_id'
        ));
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER review_frozen BEFORE UPDATE OR DELETE ON contracts_annualreview
    FOR EACH ROW EXECUTE FUNCTION contracts_closed_review_changes();
CREATE TRIGGER round_frozen BEFORE UPDATE OR DELETE ON contracts_reviewround
    FOR EACH ROW EXECUTE FUNCTION contracts_closed_review_changes();
"""

TRIGGERS = """
CREATE TRIGGER {name}_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER {name}_update AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER {name}_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
"""
UNDO_TRIGGERS = """
DROP TRIGGER {name}_insert ON {table};
DROP TRIGGER {name}_update ON {table};
DROP TRIGGER {name}_delete ON {table};
"""
UNDO = """
DROP TRIGGER review_frozen ON contracts_annualreview;
DROP TRIGGER round_frozen ON contracts_reviewround;
DROP FUNCTION contracts_review_effort_changes();
DROP FUNCTION contracts_review_part_changes();
DROP FUNCTION contracts_refuse_if_review_closed(bigint[]);
DROP FUNCTION contracts_closed_review_changes();
"""
FROZEN = (
    {"name": "part_frozen", "table": "contracts_partyreview", "function": "contracts_review_part_changes"},
    {"name": "effort_frozen", "table": "contracts_effort", "function": "contracts_review_effort_changes"},
)


class Migration(migrations.Migration):
    dependencies = [("contracts", "0003_freeze")]

    operations = [
        migrations.RunSQL(
            FUNCTIONS + "".join(TRIGGERS.format(**one) for one in FROZEN),
            "".join(UNDO_TRIGGERS.format(**one) for one in FROZEN) + UNDO,
        )
    ]
