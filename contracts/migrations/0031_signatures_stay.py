"""What was signed never changes: the database itself refuses it.

A signature may be withdrawn, which leaves what was signed as it is. The person behind it may lose the account
(then only the name stays), and a row that nobody signed may be thrown away.
"""

from django.db import migrations

DO = """
CREATE FUNCTION contracts_signature_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.digest = '' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR NEW.state NOT IN ('signed', 'withdrawn') OR (OLD.state = 'withdrawn'
            AND (NEW.state, NEW.withdrawn_on, NEW.withdrawal_reason)
                IS DISTINCT FROM (OLD.state, OLD.withdrawn_on, OLD.withdrawal_reason))
        OR (NEW.version_id, NEW.party_id, NEW.name, NEW."group", NEW.way, NEW.digest, NEW.signed_on, NEW.signed_at,
            NEW.signatory, NEW.position, NEW.confirmation, NEW.paper_id)
           IS DISTINCT FROM
           (OLD.version_id, OLD.party_id, OLD.name, OLD."group", OLD.way, OLD.digest, OLD.signed_on, OLD.signed_at,
            OLD.signatory, OLD.position, OLD.confirmation, OLD.paper_id)
    THEN
        RAISE EXCEPTION 'signature % was given and does not change', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signature_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signature_stays BEFORE UPDATE OR DELETE ON contracts_signature
    FOR EACH ROW EXECUTE FUNCTION contracts_signature_changes();
"""
UNDO = """
DROP TRIGGER signature_stays ON contracts_signature;
DROP FUNCTION contracts_signature_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0030_signatures")]

    operations = [migrations.RunSQL(DO, UNDO)]
