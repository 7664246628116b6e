package dev.feira.defaults.text;

/** Finds the spaces and the invisible characters of Unicode, of which {@link String#isBlank()} finds a few only. */
public final class UnicodeSpaces {

    private UnicodeSpaces() {}

    /** Returns whether the text has no visible character. */
    public static boolean isBlank(String text) {
        return text.codePoints().allMatch(point -> isSpace(point) || isInvisible(point));
    }

    /** Returns whether the text has a space or an invisible character, at any place. */
    public static boolean areIn(String text) {
        return text.codePoints().anyMatch(point -> isSpace(point) || isInvisible(point));
    }

    /**
     * Returns the text without spaces at both ends. Keeps other invisible characters there: a joiner or a variation selector is
     * part of the character before it.
     */
    public static String strip(String text) {
        var begin = 0;
        while (begin < text.length() && isSpace(text.codePointAt(begin))) {
            begin += Character.charCount(text.codePointAt(begin));
        }
        var end = text.length();
        while (end > begin && isSpace(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(begin, end);
    }

    private static boolean isSpace(int point) {
        return Character.isWhitespace(point)
                || Character.isSpaceChar(point) // also the no-break spaces
                || switch (point) {
                    case 0x180E, // Mongolian vowel separator
                            0x200B, // zero width space
                            0x2060, // word joiner
                            0x2800, // Braille pattern without dots
                            0x3164, // Hangul filler
                            0xFEFF, // zero width no-break space, or byte order mark
                            0xFFA0 -> // halfwidth Hangul filler
                        true;
                    default -> false;
                };
    }

    /**
     * Returns whether the character has no glyph of its own (the property Default_Ignorable_Code_Point) or is a control
     * character.
     *
     * @see <a href="https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point">UAX #44</a>
     */
    private static boolean isInvisible(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT -> true;
            default ->
                point == 0x034F // combining grapheme joiner
                        || point == 0x115F // Hangul fillers
                        || point == 0x1160
                        || point == 0x17B4 // Khmer vowels
                        || point == 0x17B5
                        || (point >= 0x180B && point <= 0x180F) // variation selectors
                        || (point >= 0xFE00 && point <= 0xFE0F)
                        || (point >= 0xE0000 && point <= 0xE0FFF); // tags and further variation selectors
        };
    }
}
