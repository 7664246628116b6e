package dev.feira.notification.persistence;

import dev.feira.notification.domain.Language;
import dev.feira.notification.domain.Recipient;
import dev.feira.notification.domain.Recipients;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stores recipients. */
@Repository
class PostgresRecipients implements Recipients {

    private static final String COLUMNS = " user_id, email, name, language, staff, admin, demo ";

    private final JdbcClient jdbc;

    PostgresRecipients(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Recipient> find(String userId) {
        return jdbc.sql("select" + COLUMNS + "from recipients where user_id = :user and erased_at is null for share")
                .param("user", userId)
                .query(PostgresRecipients::recipient)
                .optional();
    }

    @Override
    public boolean isEmpty() {
        return !jdbc.sql("select exists (select from recipients)")
                .query(Boolean.class)
                .single();
    }

    @Override
    public boolean isErased(String userId) {
        return jdbc.sql("select exists (select from recipients where user_id = :user and erased_at is not null)")
                .param("user", userId)
                .query(Boolean.class)
                .single();
    }

    @Override
    public void save(Recipient recipient) {
        jdbc.sql("""
                        insert into recipients (user_id, email, name, language, staff, admin, demo)
                        values (:user, :email, :name, :language, :staff, :admin, :demo)
                            on conflict (user_id) do update
                               set email = excluded.email, name = excluded.name, language = excluded.language,
                                   staff = excluded.staff, admin = excluded.admin, demo = excluded.demo
                             where recipients.erased_at is null""")
                .param("user", recipient.userId())
                .param("email", recipient.email())
                .param("name", recipient.name())
                .param("language", recipient.language().name())
                .param("staff", recipient.staff())
                .param("admin", recipient.admin())
                .param("demo", recipient.demo())
                .update();
    }

    @Override
    public void erase(String userId) {
        jdbc.sql("""
                        insert into recipients (user_id, erased_at) values (:user, now())
                            on conflict (user_id) do update
                               set email = null, name = null, language = null, staff = false, admin = false, demo = false,
                                   erased_at = coalesce(recipients.erased_at, now())""").param("user", userId).update();
    }

    @Override
    public List<Recipient> staff() {
        return jdbc.sql("select" + COLUMNS + "from recipients where staff order by user_id for share")
                .query(PostgresRecipients::recipient)
                .list();
    }

    private static Recipient recipient(ResultSet row, int number) throws SQLException {
        return new Recipient(
                row.getString("user_id"),
                row.getString("email"),
                row.getString("name"),
                Language.valueOf(row.getString("language")),
                row.getBoolean("staff"),
                row.getBoolean("admin"),
                row.getBoolean("demo"));
    }
}
