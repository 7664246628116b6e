package dev.feira.notification.web;

import dev.feira.notification.application.Mailbox;
import dev.feira.notification.domain.Content;
import dev.feira.notification.domain.MailNotFound;
import dev.feira.notification.domain.MailStatus;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/mails")
@Tag(name = "Mail")
class MailController {

    /** A mail is a document of its own: it loads nothing, runs nothing, and its links open in other windows. */
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox";

    private static final String REFERENCE = "the id of an order, or a SKU";

    private final Mailbox mailbox;

    MailController(Mailbox mailbox) {
        this.mailbox = mailbox;
    }

    @GetMapping
    @Operation(summary = "Lists mail, newest first, without its text")
    MailResponse.Page list(
            Authentication user,
            @RequestParam(required = false) @Nullable MailStatus status,
            @Parameter(description = REFERENCE)
                    @RequestParam(required = false)
                    @Pattern(regexp = "[\\x21-\\x7E]{1,100}", message = "must be the id of an order, or a SKU") @Nullable String reference,
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
            @RequestParam(required = false) @Min(1) @Nullable Long cursor) {
        return MailResponse.Page.of(mailbox.page(status, reference, cursor, limit + 1), limit, Reader.of(user));
    }

    @GetMapping("/mine")
    @Operation(
            summary = "Lists the mail to the user, newest first",
            description = "Without its text, which is for the recipient's mail program only: a link in it works"
                    + " without a sign-in.")
    MailResponse.Page mine(
            Authentication user,
            @Parameter(description = REFERENCE)
                    @RequestParam(required = false)
                    @Pattern(regexp = "[\\x21-\\x7E]{1,100}", message = "must be the id of an order, or a SKU") @Nullable String reference,
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
            @RequestParam(required = false) @Min(1) @Nullable Long cursor) {
        return MailResponse.Page.of(
                mailbox.pageOf(user.getName(), reference, cursor, limit + 1), limit, Reader.RECIPIENT);
    }

    @GetMapping("/{id}")
    @Operation(
            summary = "Opens a mail of the mailbox",
            description = "Mail that is sent, or will be, is for the recipient only: 403. So is a link for a member"
                    + " of staff, except for administrators.")
    MailResponse.Opened open(Authentication user, @PathVariable UUID id) {
        var mail = mailbox.find(id);
        var reader = Reader.of(user);
        return new MailResponse.Opened(
                MailResponse.of(mail, reader), content(reader, id).text());
    }

    @GetMapping(path = "/{id}/html", produces = MediaType.TEXT_HTML_VALUE)
    @Operation(summary = "Opens a mail of the mailbox as a mail program shows it")
    ResponseEntity<String> html(Authentication user, @PathVariable UUID id) {
        return ResponseEntity.ok()
                .header("Content-Security-Policy", POLICY)
                .contentType(MediaType.parseMediaType("text/html;charset=UTF-8"))
                .body(content(Reader.of(user), id).html());
    }

    @PostMapping("/{id}/retry")
    @Operation(summary = "Sends a failed mail again; any other stays as it is")
    MailResponse retry(Authentication user, @PathVariable UUID id) {
        return MailResponse.of(mailbox.retry(id), Reader.of(user));
    }

    /** @throws MailNotFound there is no such mail */
    private Content content(Reader reader, UUID id) {
        var mail = mailbox.find(id);
        if (!reader.mayOpen(mail)) {
            throw new AccessDeniedException("the text of this mail");
        }
        return Objects.requireNonNull(mail.content());
    }
}
