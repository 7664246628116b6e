package dev.feira.notification.web;

import dev.feira.notification.domain.Mail;
import dev.feira.notification.domain.MailKind;
import dev.feira.notification.domain.MailStatus;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A mail.
 *
 * @param reference the order or product that it is about
 * @param subject null after it was sent
 * @param readable whether this reader may open its text
 * @param error the reason of the last failure; for staff
 */
record MailResponse(
        UUID id,
        MailKind kind,
        MailStatus status,
        @Nullable String to,
        @Nullable String reference,
        @Nullable String subject,
        boolean readable,
        int attempts,
        @Nullable String error,
        Instant createdAt,
        @Nullable Instant sentAt) {

    static MailResponse of(Mail mail, Reader reader) {
        var content = mail.content();
        return new MailResponse(
                mail.id(),
                mail.kind(),
                mail.status(),
                mail.to(),
                mail.reference(),
                content == null ? null : content.subject(),
                reader.mayOpen(mail),
                mail.attempts(),
                reader.staff() ? mail.error() : null,
                mail.createdAt(),
                mail.sentAt());
    }

    /** @param nextCursor of the next page; null on the last one */
    record Page(List<MailResponse> items, @Nullable String nextCursor) {

        /** @param found one more than the limit if there is another page */
        static Page of(List<Mail> found, int limit, Reader reader) {
            var items = found.size() > limit ? found.subList(0, limit) : found;
            return new Page(
                    items.stream().map(mail -> MailResponse.of(mail, reader)).toList(),
                    found.size() > limit ? String.valueOf(items.getLast().number()) : null);
        }
    }

    /** A mail with its text. */
    record Opened(MailResponse mail, String text) {}
}
