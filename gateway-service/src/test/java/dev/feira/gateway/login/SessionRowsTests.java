package dev.feira.gateway.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.gateway.Gateways;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What two requests, or two replicas, do to the rows of one session at the same time. */
class SessionRowsTests {

    private final Gateways.Gateway gateway = Gateways.first();
    private final ThrottledSessionRepository sessions = gateway.context().getBean(ThrottledSessionRepository.class);
    private final Logins logins = gateway.context().getBean(Logins.class);

    @Test
    void twoRequestsMayWriteTheSameAttribute() {
        var begun = sessions.createSession();
        sessions.save(begun);
        var one = sessions.findById(begun.getId());
        var other = sessions.findById(begun.getId());
        one.setAttribute("feira.pending", "one");
        other.setAttribute("feira.pending", "other");

        sessions.save(one);
        sessions.save(other);

        assertThat(sessions.findById(begun.getId()).<String>getAttribute("feira.pending"))
                .isEqualTo("other");
    }

    @Test
    void aReplicaThatWaitsTooLongForAnothersRenewalTakesWhatIsThere() throws Exception {
        var tokens = new Login.Tokens("access", Instant.now().plusSeconds(600), "refresh");
        var begun = sessions.createSession();
        begun.setAttribute(Logins.TOKENS, text(logins.attribute(tokens)));
        begun.setAttribute(Logins.PERSON, text(logins.attribute(new Login.Person("ana", "Ana", null, "id"))));
        sessions.save(begun);
        var transaction = new TransactionTemplate(gateway.context().getBean(PlatformTransactionManager.class));

        transaction.executeWithoutResult(_ -> {
            gateway.context()
                    .getBean(JdbcClient.class)
                    .sql("""
                            select 1 from spring_session s join spring_session_attributes a
                                on a.session_primary_id = s.primary_id
                             where s.session_id = :id for update of a""")
                    .param("id", begun.getId())
                    .query(Integer.class)
                    .list();
            try {
                var found = gateway.context()
                        .getBean(TokenRefresh.class)
                        .refresh(begun.getId(), Duration.ofSeconds(20))
                        .orElseThrow();
                assertThat(found.tokens()).isEqualTo(tokens);
            } catch (TokenRefresh.Unavailable e) {
                throw new AssertionError(e);
            }
        });
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
