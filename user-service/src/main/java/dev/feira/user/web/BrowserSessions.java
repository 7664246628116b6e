package dev.feira.user.web;

import dev.feira.user.application.Profiles;
import java.util.UUID;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.stereotype.Component;

/** The browser sessions of a person, on all replicas. */
@Component
class BrowserSessions implements Profiles.ActiveSessions {

    private final FindByIndexNameSessionRepository<? extends Session> sessions;

    BrowserSessions(FindByIndexNameSessionRepository<? extends Session> sessions) {
        this.sessions = sessions;
    }

    @Override
    public void end(UUID userId) {
        sessions.findByPrincipalName(userId.toString()).keySet().forEach(sessions::deleteById);
    }
}
