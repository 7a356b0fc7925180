"""What is adopted never changes: the database itself refuses it.

Parties, commitments, actions and investments follow the state of their version. Their triggers work per
statement, so that loading thousands of rows costs one check. They lock the versions they look at, so that nobody
slips in a row while the version is being adopted. How to reach a party may change at any time: it is no part of
what was agreed, nor of the hash.
"""

from django.db import migrations

PARTS = ("contracts_party", "contracts_commitment", "contracts_action", "contracts_investment")

FUNCTIONS = """
CREATE FUNCTION contracts_refuse_if_frozen(changed bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE frozen bigint;
BEGIN
    PERFORM 1 FROM contracts_contractversion v WHERE v.id = ANY (changed) ORDER BY v.id FOR SHARE;
    SELECT v.id INTO frozen FROM contracts_contractversion v
        WHERE v.id = ANY (changed) AND v.state NOT IN ('draft', 'internal_review') LIMIT 1;
    IF frozen IS NOT NULL THEN
        RAISE EXCEPTION 'contract version % is adopted and does not change', frozen
            USING ERRCODE = 'check_violation', CONSTRAINT = 'version_frozen';
    END IF;
END $$;

CREATE FUNCTION contracts_part_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM contracts_refuse_if_frozen(ARRAY (SELECT DISTINCT n.version_id FROM new_rows n));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM contracts_refuse_if_frozen(ARRAY (SELECT DISTINCT o.version_id FROM old_rows o));
    ELSE
        PERFORM contracts_refuse_if_frozen(ARRAY (
            SELECT DISTINCT unnest(ARRAY[o.version_id, n.version_id])
            FROM old_rows o FULL JOIN new_rows n ON n.id = o.id
            WHERE to_jsonb(o) - 'contact_position' - 'contact_email' - 'revision'
                IS DISTINCT FROM to_jsonb(n) - 'contact_position' - 'contact_email' - 'revision'
        ));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION contracts_version_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE hash text;
BEGIN
    IF OLD.state IN ('draft', 'internal_review') THEN
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        IF NEW.state NOT IN ('draft', 'internal_review') THEN
            SELECT encode(sha256(convert_to(s.content, 'UTF8')), 'hex') INTO hash
                FROM contracts_versionsnapshot s WHERE s.version_id = NEW.id;
            IF hash IS DISTINCT FROM NEW.digest THEN
                RAISE EXCEPTION 'contract version % is adopted with a hash that is not that of its data', NEW.id
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'version_digest_of_snapshot';
            END IF;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR NEW.state IN ('draft', 'internal_review')
        OR (NEW.id, NEW.contract_id, NEW.number, NEW.target_year, NEW.base_year, NEW.summary, NEW.summary_en,
            NEW.source, NEW.digest, NEW.adopted_on)
           IS DISTINCT FROM
           (OLD.id, OLD.contract_id, OLD.number, OLD.target_year, OLD.base_year, OLD.summary, OLD.summary_en,
            OLD.source, OLD.digest, OLD.adopted_on)
        OR (OLD.signed_on IS NOT NULL AND NEW.signed_on IS DISTINCT FROM OLD.signed_on)
        OR (OLD.published_on IS NOT NULL AND NEW.published_on IS DISTINCT FROM OLD.published_on)
        OR (OLD.is_public AND NOT NEW.is_public)
    THEN
        RAISE EXCEPTION 'contract version % is adopted and does not change', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'version_frozen';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION contracts_snapshot_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM contracts_refuse_if_frozen(ARRAY[OLD.version_id, NEW.version_id]);
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM contracts_refuse_if_frozen(ARRAY[OLD.version_id]);
        RETURN OLD;
    END IF;
    PERFORM contracts_refuse_if_frozen(ARRAY[NEW.version_id]);
    RETURN NEW;
END $$;

CREATE TRIGGER version_frozen BEFORE UPDATE OR DELETE ON contracts_contractversion
    FOR EACH ROW EXECUTE FUNCTION contracts_version_changes();
CREATE TRIGGER snapshot_frozen BEFORE INSERT OR UPDATE OR DELETE ON contracts_versionsnapshot
    FOR EACH ROW EXECUTE FUNCTION contracts_snapshot_changes();
"""

PART_TRIGGERS = """
CREATE TRIGGER part_frozen_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION contracts_part_changes();
CREATE TRIGGER part_frozen_update AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION contracts_part_changes();
CREATE TRIGGER part_frozen_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION contracts_part_changes();
"""

# A promise belongs to the version of its party, money to that of its action.
SAME_VERSION = """
ALTER TABLE contracts_party ADD CONSTRAINT party_and_version UNIQUE (id, version_id);
ALTER TABLE contracts_action ADD CONSTRAINT action_and_version UNIQUE (id, version_id);
ALTER TABLE contracts_commitment ADD CONSTRAINT commitment_party_of_version
    FOREIGN KEY (party_id, version_id) REFERENCES contracts_party (id, version_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE contracts_action ADD CONSTRAINT action_responsible_of_version
    FOREIGN KEY (responsible_id, version_id) REFERENCES contracts_party (id, version_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE contracts_investment ADD CONSTRAINT investment_action_of_version
    FOREIGN KEY (action_id, version_id) REFERENCES contracts_action (id, version_id) DEFERRABLE INITIALLY DEFERRED;
"""

UNDO = """
ALTER TABLE contracts_investment DROP CONSTRAINT investment_action_of_version;
ALTER TABLE contracts_action DROP CONSTRAINT action_responsible_of_version;
ALTER TABLE contracts_commitment DROP CONSTRAINT commitment_party_of_version;
ALTER TABLE contracts_action DROP CONSTRAINT action_and_version;
ALTER TABLE contracts_party DROP CONSTRAINT party_and_version;
DROP TRIGGER snapshot_frozen ON contracts_versionsnapshot;
DROP TRIGGER version_frozen ON contracts_contractversion;
"""
UNDO_PART = """
DROP TRIGGER part_frozen_insert ON {table};
DROP TRIGGER part_frozen_update ON {table};
DROP TRIGGER part_frozen_delete ON {table};
"""
UNDO_FUNCTIONS = """
DROP FUNCTION contracts_snapshot_changes();
DROP FUNCTION contracts_version_changes();
DROP FUNCTION contracts_part_changes();
DROP FUNCTION contracts_refuse_if_frozen(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0002_places_in_english")]

    operations = [
        migrations.RunSQL(
            FUNCTIONS + "".join(PART_TRIGGERS.format(table=table) for table in PARTS) + SAME_VERSION,
            UNDO + "".join(UNDO_PART.format(table=table) for table in PARTS) + UNDO_FUNCTIONS,
        )
    ]
