package dev.feira.notification.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The mail of this service. */
public interface Mails {

    /** Stores a mail, in the caller's transaction; nothing happens if the event has it already. */
    void add(NewMail mail);

    Optional<Mail> find(UUID id);

    /**
     * Returns mail without its text, newest first.
     *
     * @param before the number of the last mail of the page before
     */
    List<Mail> page(@Nullable MailStatus status, @Nullable String reference, @Nullable Long before, int limit);

    /**
     * Returns mail to an account without its text, newest first.
     *
     * @param before the number of the last mail of the page before
     */
    List<Mail> pageOf(String userId, @Nullable String reference, @Nullable Long before, int limit);

    /** Takes the pending mail that is due longest; another replica does not get it before the lease ends. */
    Optional<Mail> lease(Duration lease);

    /** Notes that the SMTP server has accepted a mail, and deletes its text. */
    void sent(UUID id);

    /** Gives a pending mail up whose link has stopped working, and deletes its text. */
    void expired(UUID id);

    /** @param delay time until the next attempt */
    void retryLater(UUID id, Duration delay, String error);

    /** Gives a mail up, until staff send it again. */
    void failed(UUID id, String error);

    /** Makes a failed mail pending again; returns whether it was one. */
    boolean retry(UUID id);

    /** Deletes address, name and text of all mail for an account. */
    void erase(String userId);

    /** Deletes mail that is neither pending nor failed. */
    int deleteBefore(Instant time);

    /** Returns the number of mails with each status. */
    Map<MailStatus, Long> count();

    /** Returns the number of orders that mail of each kind tells about. */
    Map<MailKind, Long> orders();
}
