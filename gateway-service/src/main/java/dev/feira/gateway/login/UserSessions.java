package dev.feira.gateway.login;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Ends sessions by their user. Spring Session's own search reads each session and deletes it in a transaction of its own; this is
 * one statement in the caller's.
 */
@Component
public class UserSessions {

    private final JdbcClient jdbc;

    UserSessions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Deletes all sessions of a user, in the caller's transaction; returns their number. Finds those that a gateway of an earlier
     * version has stored, too: without the user's id in their row.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public int end(String userId) {
        return jdbc.sql("""
                        delete from spring_session s
                         where s.principal_name = :user
                            or s.principal_name is null and exists (
                                   select from spring_session_attributes a
                                    where a.session_primary_id = s.primary_id and a.attribute_name = :person
                                      and cast(convert_from(a.attribute_bytes, 'UTF8') as jsonb) ->> 'subject' = :user)""")
                .param("user", userId)
                .param("person", Logins.PERSON)
                .update();
    }
}
