package dev.feira.user.persistence;

import dev.feira.user.domain.PersonalData;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcPersonalData implements PersonalData {

    private final JdbcClient jdbc;

    JdbcPersonalData(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void erase(UUID userId) {
        jdbc.sql("""
                        update security_events set address = null, client_id = null, detail = '{}'
                         where user_id = :user""").param("user", userId).update();
        eraseEvents(userId);
    }

    /** Locks the events from the oldest on, as the retention deletes them. Their positions stay: readers miss none. */
    private void eraseEvents(UUID userId) {
        jdbc.sql("""
                        with events as (
                            select id from outbox where aggregatetype = 'user' and aggregateid = :user
                             order by occurred_at for update
                        )
                        update outbox o set payload = jsonb_build_object('userId', o.aggregateid, 'erased', true)
                          from events e where o.id = e.id""").param("user", userId.toString()).update();
    }
}
