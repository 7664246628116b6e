package dev.feira.notification.events;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.feira.defaults.FeiraProperties;
import dev.feira.events.CloudEvent;
import dev.feira.events.inbox.EventHandler;
import dev.feira.notification.application.Accounts;
import dev.feira.notification.application.LetterWriter;
import dev.feira.notification.domain.Language;
import dev.feira.notification.domain.Letter;
import dev.feira.notification.domain.MailKind;
import dev.feira.notification.domain.Occasion;
import dev.feira.notification.domain.Recipient;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Follows accounts, and writes to their users. */
@Component
class UserEvents implements EventHandler {

    private static final String REGISTERED = "user.registered.v1";
    private static final String CHANGED = "user.changed.v1";
    private static final String VERIFICATION = "user.verification-requested.v1";
    private static final String RESET = "user.password-reset-requested.v1";
    private static final String EMAIL_CHANGE = "user.email-change-requested.v1";
    private static final String EMAIL_CHANGED = "user.email-changed.v1";
    private static final String PASSWORD_CHANGED = "user.password-changed.v1";
    private static final String ERASED = "user.erased.v1";

    private final Accounts accounts;
    private final LetterWriter writer;
    private final FeiraProperties feira;
    private final JsonMapper json;

    UserEvents(Accounts accounts, LetterWriter writer, FeiraProperties feira, JsonMapper json) {
        this.accounts = accounts;
        this.writer = writer;
        this.feira = feira;
        this.json = json;
    }

    /** The used members of the data of all types; each type has some of them. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record UserData(
            String userId,
            @Nullable String email,
            @Nullable String name,
            @Nullable String locale,
            @Nullable List<String> roles,
            @Nullable Boolean demo,
            @Nullable String reason,
            @Nullable String newEmail,
            @Nullable String previousEmail,
            @Nullable URI link,
            @Nullable URI newEmailLink,
            @Nullable Instant expiresAt,
            @Nullable Boolean erased) {}

    @Override
    public String feed() {
        return "users";
    }

    @Override
    public Set<String> types() {
        return Set.of(REGISTERED, CHANGED, VERIFICATION, RESET, EMAIL_CHANGE, EMAIL_CHANGED, PASSWORD_CHANGED, ERASED);
    }

    @Override
    public Set<String> finalTypes() {
        return Set.of(ERASED);
    }

    @Override
    public void handle(CloudEvent event) {
        var user = json.treeToValue(event.data(), UserData.class);
        var id = required(user.userId(), "userId");
        if (Boolean.TRUE.equals(user.erased()) && !event.type().equals(ERASED)) {
            return; // of somebody who was erased before this service read it; user.erased follows
        }
        var occasion = new Occasion(feed() + "/" + event.id(), event.time());
        switch (event.type()) {
            case REGISTERED, CHANGED -> accounts.changed(recipient(user));
            case ERASED -> accounts.erased(id);
            case VERIFICATION ->
                writeTo(
                        required(user.email(), "email"),
                        occasion,
                        user,
                        "REGISTERED".equals(user.reason()) ? MailKind.WELCOME : MailKind.VERIFICATION,
                        required(user.link(), "link"));
            case RESET ->
                writer.write(occasion, id, letter(user, MailKind.PASSWORD_RESET, required(user.link(), "link")));
            case EMAIL_CHANGE -> {
                writeTo(
                        required(user.email(), "email"),
                        occasion,
                        user,
                        MailKind.EMAIL_CHANGE,
                        required(user.link(), "link"));
                writeTo(
                        required(user.newEmail(), "newEmail"),
                        occasion,
                        user,
                        MailKind.NEW_EMAIL,
                        required(user.newEmailLink(), "newEmailLink"));
            }
            case EMAIL_CHANGED -> {
                for (var address :
                        List.of(required(user.previousEmail(), "previousEmail"), required(user.email(), "email"))) {
                    writeTo(address, occasion, user, MailKind.EMAIL_CHANGED, page("/account"));
                }
            }
            case PASSWORD_CHANGED ->
                writer.write(occasion, id, letter(user, MailKind.PASSWORD_CHANGED, page("/id/password-reset")));
            default -> throw new IllegalArgumentException(event.type());
        }
    }

    private static Recipient recipient(UserData user) {
        return new Recipient(
                user.userId(),
                required(user.email(), "email"),
                required(user.name(), "name"),
                Language.of(required(user.locale(), "locale")),
                required(user.roles(), "roles").stream().anyMatch("staff"::equalsIgnoreCase),
                required(user.roles(), "roles").stream().anyMatch("admin"::equalsIgnoreCase),
                Boolean.TRUE.equals(user.demo()));
    }

    private void writeTo(String address, Occasion occasion, UserData user, MailKind kind, URI link) {
        writer.writeTo(address, occasion, user.userId(), letter(user, kind, link));
    }

    private static Letter letter(UserData user, MailKind kind, URI link) {
        var addresses = switch (kind) {
            case EMAIL_CHANGE, NEW_EMAIL ->
                List.of(required(user.email(), "email"), required(user.newEmail(), "newEmail"));
            case EMAIL_CHANGED ->
                List.of(required(user.previousEmail(), "previousEmail"), required(user.email(), "email"));
            default -> List.<String>of();
        };
        return new Letter.OfAccount(
                kind, addresses, kind.isSecret() ? required(user.expiresAt(), "expiresAt") : null, link);
    }

    private URI page(String path) {
        return URI.create(feira.publicUrl() + path);
    }

    private static <T> T required(@Nullable T value, String member) {
        return Objects.requireNonNull(value, member + " is missing");
    }
}
