package dev.feira.notification.domain;

/** What a mail says, as plain text and as HTML. */
public record Content(String subject, String text, String html) {

    /** Without the text, which may have a link that acts for its reader. */
    @Override
    public String toString() {
        return "Content[%d characters]".formatted(text.length());
    }
}
