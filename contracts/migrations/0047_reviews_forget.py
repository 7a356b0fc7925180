"""What is closed stays as it was, with one door: in a transaction that says so a name in it becomes a pseudonym.

Only the columns with the name of who sent something in; answers, figures and dates never change.
"""

from django.db import migrations

DO = """
CREATE OR REPLACE FUNCTION contracts_closed_review_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE names text[] := CASE WHEN core_forgetting() THEN ARRAY['submitted_by_label'] ELSE ARRAY[]::text[] END;
BEGIN
    IF OLD.state <> 'closed' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - names IS DISTINCT FROM to_jsonb(OLD) - names THEN
        RAISE EXCEPTION '% % is closed and does not change', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'review_frozen';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION contracts_review_part_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free text[] := ARRAY['link_nonce']
    || CASE WHEN core_forgetting() THEN ARRAY['submitted_by_label'] ELSE ARRAY[]::text[] END;
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM contracts_refuse_if_review_closed(ARRAY (SELECT DISTINCT n.review_id FROM new_rows n));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM contracts_refuse_if_review_closed(ARRAY (SELECT DISTINCT o.review_id FROM old_rows o));
    ELSE
        PERFORM contracts_refuse_if_review_closed(ARRAY (
            SELECT DISTINCT unnest(ARRAY[o.review_id, n.review_id])
            FROM old_rows o FULL JOIN new_rows n ON n.id = o.id
            WHERE to_jsonb(o) - free IS DISTINCT FROM to_jsonb(n) - free
        ));
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION contracts_review_effort_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free text[] := ARRAY['lesson_id', 'bottleneck_id']
    || CASE WHEN core_forgetting() THEN ARRAY['updated_by_label'] ELSE ARRAY[]::text[] END;
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
            WHERE to_jsonb(o) - free IS DISTINCT FROM to_jsonb(n) - free
        ));
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0046_blockades_and_policies"), ("core", "0008_log_forgets")]

    # Going back leaves the functions: without core_forgetting() they refuse everything, as they did.
    operations = [migrations.RunSQL(DO, migrations.RunSQL.noop)]
