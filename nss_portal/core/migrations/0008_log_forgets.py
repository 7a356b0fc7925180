"""The log stays append-only, with one door: in a transaction that says so, names in it become a pseudonym.

What happened, when, to which record and by which account never changes. That somebody logged in may be forgotten
after a month, since it says nothing about a record.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION core_forgetting() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('nss.forgetting', true), '') = 'on'
$$;
CREATE OR REPLACE FUNCTION core_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE words text[] := ARRAY['actor_label', 'on_behalf_of_label', 'object_label', 'changes', 'reason', 'origin'];
BEGIN
    IF core_forgetting() THEN
        IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - words = to_jsonb(NEW) - words THEN
            RETURN NEW;
        ELSIF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'core_auditevent' AND to_jsonb(OLD) ->> 'event' = 'login'
            AND (to_jsonb(OLD) ->> 'at')::timestamptz < now() - interval '30 days'
        THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'rows of % are written once and never changed', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
"""
REVERSE = """
CREATE OR REPLACE FUNCTION core_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are written once and never changed', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
DROP FUNCTION core_forgetting();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0007_mail_calendar")]

    operations = [migrations.RunSQL(FORWARD, REVERSE)]
