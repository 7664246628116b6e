package dev.feira.notification.persistence;

import dev.feira.notification.domain.Content;
import dev.feira.notification.domain.Mail;
import dev.feira.notification.domain.MailKind;
import dev.feira.notification.domain.MailStatus;
import dev.feira.notification.domain.Mails;
import dev.feira.notification.domain.NewMail;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stores mail. */
@Repository
class PostgresMails implements Mails {

    private static final String COLUMNS =
            " number, id, kind, user_id, reference, recipient, name, subject, body, html, status, attempts,"
                    + " pending_since, send_before, error, created_at, sent_at,"
                    + " exists (select from recipients r where r.user_id = mails.user_id and (r.staff or r.admin)) as to_staff ";

    /** Without the texts, which no list shows. */
    private static final String LISTED = COLUMNS.replace("body, html", "'' as body, '' as html");

    private final JdbcClient jdbc;

    PostgresMails(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void add(NewMail mail) {
        var content = mail.content();
        jdbc.sql("""
                        insert into mails (id, kind, user_id, reference, recipient, name, subject, body, html, status, send_before)
                        values (:id, :kind, :user, :reference, :recipient, :name, :subject, :body, :html, :status, :sendBefore)
                            on conflict (id) do nothing""")
                .param("id", mail.id())
                .param("kind", mail.kind().name())
                .param("user", mail.userId())
                .param("reference", mail.reference())
                .param("recipient", mail.to())
                .param("name", mail.name())
                .param("subject", content == null ? null : content.subject())
                .param("body", content == null ? null : content.text())
                .param("html", content == null ? null : content.html())
                .param("status", mail.status().name())
                .param(
                        "sendBefore",
                        mail.sendBefore() == null ? null : mail.sendBefore().atOffset(ZoneOffset.UTC))
                .update();
    }

    @Override
    public Optional<Mail> find(UUID id) {
        return jdbc.sql("select" + COLUMNS + "from mails where id = :id")
                .param("id", id)
                .query(PostgresMails::mail)
                .optional();
    }

    @Override
    public List<Mail> page(@Nullable MailStatus status, @Nullable String reference, @Nullable Long before, int limit) {
        return jdbc.sql("select" + LISTED + """
                        from mails
                         where (cast(:status as text) is null or status = :status)
                           and (cast(:reference as text) is null or reference = :reference)
                           and (cast(:before as bigint) is null or number < :before)
                         order by number desc limit :limit""")
                .param("status", status == null ? null : status.name())
                .param("reference", reference)
                .param("before", before)
                .param("limit", limit)
                .query(PostgresMails::mail)
                .list();
    }

    @Override
    public List<Mail> pageOf(String userId, @Nullable String reference, @Nullable Long before, int limit) {
        return jdbc.sql("select" + LISTED + """
                        from mails
                         where user_id = :user
                           and (cast(:reference as text) is null or reference = :reference)
                           and (cast(:before as bigint) is null or number < :before)
                         order by number desc limit :limit""")
                .param("user", userId)
                .param("reference", reference)
                .param("before", before)
                .param("limit", limit)
                .query(PostgresMails::mail)
                .list();
    }

    @Override
    public Optional<Mail> lease(Duration lease) {
        return jdbc.sql("""
                        update mails set due_at = now() + make_interval(secs => :lease), attempts = attempts + 1
                         where number = (select number from mails
                                          where status = 'PENDING' and due_at <= now()
                                          order by due_at limit 1 for update skip locked)
                        returning """ + COLUMNS)
                .param("lease", seconds(lease))
                .query(PostgresMails::mail)
                .optional();
    }

    @Override
    public void sent(UUID id) {
        jdbc.sql("""
                        update mails
                           set status = 'SENT', sent_at = now(), error = null, subject = null, body = null, html = null
                         where id = :id and status = 'PENDING'""").param("id", id).update();
    }

    @Override
    public void expired(UUID id) {
        jdbc.sql("""
                        update mails set status = 'EXPIRED', subject = null, body = null, html = null
                         where id = :id and status = 'PENDING'""").param("id", id).update();
    }

    @Override
    public void retryLater(UUID id, Duration delay, String error) {
        jdbc.sql("""
                        update mails set due_at = now() + make_interval(secs => :delay), error = :error
                         where id = :id and status = 'PENDING'""")
                .param("delay", seconds(delay))
                .param("error", error)
                .param("id", id)
                .update();
    }

    @Override
    public void failed(UUID id, String error) {
        jdbc.sql("update mails set status = 'FAILED', error = :error where id = :id and status = 'PENDING'")
                .param("error", error)
                .param("id", id)
                .update();
    }

    @Override
    public boolean retry(UUID id) {
        return jdbc.sql("""
                        update mails set status = 'PENDING', attempts = 0, due_at = now(), pending_since = now()
                         where id = :id and status = 'FAILED'""").param("id", id).update() == 1;
    }

    @Override
    public void erase(String userId) {
        jdbc.sql("""
                        update mails
                           set status = 'ERASED', recipient = null, name = null, subject = null, body = null, html = null,
                               error = null
                         where user_id = :user""").param("user", userId).update();
    }

    @Override
    public int deleteBefore(Instant time) {
        return jdbc.sql("delete from mails where created_at < :time and status not in ('PENDING', 'FAILED')")
                .param("time", time.atOffset(ZoneOffset.UTC))
                .update();
    }

    @Override
    public Map<MailStatus, Long> count() {
        var counts = new EnumMap<MailStatus, Long>(MailStatus.class);
        jdbc.sql("select status, count(*) from mails group by status").query(row -> {
            counts.put(MailStatus.valueOf(row.getString(1)), row.getLong(2));
        });
        return counts;
    }

    @Override
    public Map<MailKind, Long> orders() {
        var counts = new EnumMap<MailKind, Long>(MailKind.class);
        jdbc.sql("select kind, count(distinct reference) from mails where kind like 'ORDER\\_%' group by kind")
                .query(row -> {
                    counts.put(MailKind.valueOf(row.getString(1)), row.getLong(2));
                });
        return counts;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static Mail mail(ResultSet row, int rowNumber) throws SQLException {
        var subject = row.getString("subject");
        return new Mail(
                row.getLong("number"),
                row.getObject("id", UUID.class),
                MailKind.valueOf(row.getString("kind")),
                row.getString("user_id"),
                row.getBoolean("to_staff"),
                row.getString("reference"),
                row.getString("recipient"),
                row.getString("name"),
                subject == null ? null : new Content(subject, row.getString("body"), row.getString("html")),
                MailStatus.valueOf(row.getString("status")),
                row.getInt("attempts"),
                row.getObject("pending_since", OffsetDateTime.class).toInstant(),
                instant(row.getObject("send_before", OffsetDateTime.class)),
                row.getString("error"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row.getObject("sent_at", OffsetDateTime.class)));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
