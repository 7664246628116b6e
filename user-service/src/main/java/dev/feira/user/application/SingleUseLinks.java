package dev.feira.user.application;

import dev.feira.defaults.FeiraProperties;
import dev.feira.user.config.UserProperties;
import dev.feira.user.domain.AccountLink;
import dev.feira.user.domain.AccountLink.Kind;
import dev.feira.user.domain.AccountLinks;
import dev.feira.user.domain.AttemptLimiter;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Creates the links of messages, and checks those that are opened. */
@Component
class SingleUseLinks {

    private static final int TOKEN_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final AccountLinks links;
    private final AttemptLimiter attempts;
    private final UserProperties.Links settings;
    private final URI publicUrl;
    private final Clock clock;

    SingleUseLinks(
            AccountLinks links, AttemptLimiter attempts, UserProperties settings, FeiraProperties feira, Clock clock) {
        this.links = links;
        this.attempts = attempts;
        this.settings = settings.links();
        this.publicUrl = feira.publicUrl();
        this.clock = clock;
    }

    /**
     * A link as the message has it.
     *
     * @param url with the token
     */
    record Created(String url, AccountLink link) {}

    /** Stores a new link, in the caller's transaction. */
    Created create(UUID userId, Kind kind, String email, UUID requestId) {
        var bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        var token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        var link =
                new AccountLink(userId, kind, email, requestId, clock.instant().plus(lifetime(kind)), null);
        links.add(token, link);
        return new Created("%s/id/%s?token=%s".formatted(publicUrl, page(kind), token), link);
    }

    /**
     * Returns the link of a token.
     *
     * @throws InvalidLink it was used, has expired, or is of another kind
     */
    AccountLink require(String token, Set<Kind> kinds) {
        var link = links.find(token)
                .filter(found -> kinds.contains(found.kind()))
                .orElseThrow(() -> new InvalidLink(InvalidLink.Reason.UNKNOWN));
        if (link.usedAt() != null) {
            throw new InvalidLink(InvalidLink.Reason.USED);
        }
        if (!clock.instant().isBefore(link.expiresAt())) {
            throw new InvalidLink(InvalidLink.Reason.EXPIRED);
        }
        return link;
    }

    /**
     * Marks a link as used, in the caller's transaction.
     *
     * @throws InvalidLink a parallel request has used it
     */
    void use(String token) {
        if (!links.use(token, clock.instant())) {
            throw new InvalidLink(InvalidLink.Reason.USED);
        }
    }

    /** Replaces all unused links of these kinds of the user. */
    void replace(UUID userId, Set<Kind> kinds) {
        links.useAll(userId, kinds, clock.instant());
    }

    /** Replaces what may have been asked for, or read, with the old password. */
    void replaceBeforeNewPassword(UUID userId) {
        replace(userId, EnumSet.complementOf(EnumSet.of(Kind.VERIFICATION)));
    }

    boolean isUsed(UUID requestId, Kind kind) {
        return links.isUsed(requestId, kind);
    }

    /**
     * Counts a message to an account or an e-mail address.
     *
     * @throws AttemptLimiter.TooManyAttempts it got too many
     */
    void limit(String scope, String receiver) {
        limit(scope, receiver, settings.perAccount());
    }

    /**
     * Counts a message that a network asks for.
     *
     * @throws AttemptLimiter.TooManyAttempts it asked for too many
     */
    void limitNetwork(String scope, String network) {
        limit(scope, network, settings.perNetwork());
    }

    private void limit(String scope, String key, int free) {
        var window = settings.window();
        attempts.acquire(scope, key, new AttemptLimiter.Limit(free, window, window, window, true));
    }

    private Duration lifetime(Kind kind) {
        return switch (kind) {
            case VERIFICATION -> settings.verification();
            case PASSWORD_RESET -> settings.passwordReset();
            case EMAIL_CHANGE, EMAIL_CHANGE_NEW -> settings.emailChange();
        };
    }

    private static String page(Kind kind) {
        return switch (kind) {
            case VERIFICATION -> "verification";
            case PASSWORD_RESET -> "password-reset";
            case EMAIL_CHANGE, EMAIL_CHANGE_NEW -> "email-change";
        };
    }
}
