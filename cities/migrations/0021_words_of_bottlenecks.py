"""Keep the words that occur in bottlenecks, whoever writes them and however many at once."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION cities_note_bottleneck_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cities_bottleneckword (lexeme, backwards)
    SELECT DISTINCT word, reverse(word)
    FROM written, unnest(tsvector_to_array(written.search)) AS word
    WHERE length(word) BETWEEN 3 AND 255
        AND NOT EXISTS (SELECT 1 FROM cities_bottleneckword AS known WHERE known.lexeme = word)
    ORDER BY word
    ON CONFLICT (lexeme) DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER bottleneck_words_added AFTER INSERT ON cities_bottleneck
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION cities_note_bottleneck_words();
CREATE TRIGGER bottleneck_words_changed AFTER UPDATE ON cities_bottleneck
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION cities_note_bottleneck_words();
INSERT INTO cities_bottleneckword (lexeme, backwards)
    SELECT DISTINCT word, reverse(word)
    FROM cities_bottleneck, unnest(tsvector_to_array(search)) AS word
    WHERE length(word) BETWEEN 3 AND 255;
"""
REVERSE = """
DROP TRIGGER bottleneck_words_changed ON cities_bottleneck;
DROP TRIGGER bottleneck_words_added ON cities_bottleneck;
DROP FUNCTION cities_note_bottleneck_words();
"""


class Migration(migrations.Migration):
    dependencies = [("cities", "0020_bottleneck_register")]

    operations = [migrations.RunSQL(FORWARD, REVERSE)]
