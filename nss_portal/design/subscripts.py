"""Makes the small font 'NSS Cijfers': the subscript digits of CO₂, which the packaged Source Sans 3 leaves out.

The packaged font has the digits of fractions (`two.dnom` and so on) but not U+2080 to U+2089. This takes those
glyphs, lowers them and gives them their own code points, under another family name, as the Open Font License asks
of changed fonts. Run by `npm run build`: `python nss_portal/design/subscripts.py SOURCE TARGET`.
"""

import sys
from pathlib import Path

from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
DROP = -150  # units of 1000 per em below the line of the denominators
FAMILY = "NSS Cijfers"


def make(source: Path, target: Path) -> None:
    """Write the subscript digits of a weight of Source Sans 3 as a woff2 font of a few kilobytes."""
    font = TTFont(source, recalcTimestamp=False)
    substitutes = _denominators(font)
    glyphs, table = font.getGlyphSet(), font["glyf"]
    for digit in DIGITS:
        name = substitutes[digit]
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(TransformPen(pen, (1, 0, 0, 1, 0, DROP)))
        table[name] = pen.glyph()
    mapping = {0x2080 + number: substitutes[digit] for number, digit in enumerate(DIGITS)}
    for part in font["cmap"].tables:
        if part.isUnicode():
            part.cmap = dict(mapping)
    options = Options(layout_features=[], name_IDs=[0, 1, 2, 3, 4, 6, 13, 14], notdef_outline=True, hinting=False)
    options.flavor = "woff2"
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=mapping)
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in {1, 3, 4, 6}:
            record.string = FAMILY.replace(" ", "") if record.nameID == 6 else FAMILY
    font.flavor = "woff2"
    font.save(target)


def _denominators(font: TTFont) -> dict[str, str]:
    """Give per digit the glyph that the feature 'dnom' puts in its place."""
    table = font["GSUB"].table
    found: dict[str, str] = {}
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "dnom":
            for index in record.Feature.LookupListIndex:
                for subtable in table.LookupList.Lookup[index].SubTable:
                    found.update(getattr(subtable, "ExtSubTable", subtable).mapping)
    names = font.getBestCmap()
    return {digit: found[names[ord("0") + number]] for number, digit in enumerate(DIGITS)}


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]))
