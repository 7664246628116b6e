package dev.feira.user.web;

import dev.feira.user.domain.ActiveSessions;
import java.util.UUID;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.stereotype.Component;

/** Ends the browser sessions of a user on all replicas. */
@Component
class BrowserSessions implements ActiveSessions {

    private final FindByIndexNameSessionRepository<? extends Session> sessions;

    BrowserSessions(FindByIndexNameSessionRepository<? extends Session> sessions) {
        this.sessions = sessions;
    }

    @Override
    public void endAll(UUID userId) {
        sessions.findByPrincipalName(userId.toString()).keySet().forEach(sessions::deleteById);
    }
}
