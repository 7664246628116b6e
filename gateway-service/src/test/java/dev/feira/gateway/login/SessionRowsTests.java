package dev.feira.gateway.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.gateway.Gateways;
import org.junit.jupiter.api.Test;

/** Concurrent writes to the rows of one session. */
class SessionRowsTests {

    private final Gateways.Gateway gateway = Gateways.first();
    private final ThrottledSessionRepository sessions = gateway.context().getBean(ThrottledSessionRepository.class);

    @Test
    void writesOneAttributeFromTwoRequests() {
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
}
