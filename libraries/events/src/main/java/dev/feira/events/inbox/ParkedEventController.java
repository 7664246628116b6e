package dev.feira.events.inbox;

import dev.feira.defaults.audit.AuditRunner;
import dev.feira.defaults.problem.Problem;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClientException;

/**
 * Lets staff see the events that could not be applied, and try or drop them. Each service authorizes these requests. The gateway,
 * which has no route to itself, sets another path.
 */
@RestController
@RequestMapping("${feira.inbox.parked-events-path:/parked-events}")
class ParkedEventController {

    private static final Logger log = LoggerFactory.getLogger(ParkedEventController.class);
    private static final int MAX_ITEMS = 200;

    private final Inbox inbox;
    private final FeedAudit audit;
    private final AuditRunner runner;

    ParkedEventController(
            Inbox inbox, @Qualifier("feedAudit") FeedAudit audit, @Qualifier("feedAuditRunner") AuditRunner runner) {
        this.inbox = inbox;
        this.audit = audit;
        this.runner = runner;
    }

    /**
     * The result of an audit of the feeds.
     *
     * @param balanced whether no event is missing
     * @param events number of events compared since the last audit
     * @param parked number of events that wait for staff
     * @param discrepancies events that were passed over
     */
    private record AuditResponse(
            boolean balanced, Instant checkedAt, int events, int parked, List<FeedAudit.MissingEvent> discrepancies) {}

    /** Audits the feeds now. */
    @GetMapping("/audit")
    AuditResponse audit() {
        var report = runner.run(audit::check);
        return new AuditResponse(
                report.isBalanced(), report.checkedAt(), report.events(), inbox.parked(), report.discrepancies());
    }

    private record ParkedEvents(List<ParkedEvent> items) {}

    /** Returns the oldest 200. */
    @GetMapping
    ParkedEvents list() {
        return new ParkedEvents(inbox.deferred(MAX_ITEMS));
    }

    /** Tries an event again, and then those that wait for it. */
    @PostMapping("/{id}/retry")
    @ResponseStatus(HttpStatus.ACCEPTED)
    void retry(@PathVariable String id, Principal user) {
        if (!inbox.retryNow(id)) {
            throw new ParkedEventNotFound();
        }
        log.info("Event {} is tried again, by {}", id, user.getName());
    }

    /** Drops an event: it will never be applied. */
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void drop(@PathVariable String id, Principal user) {
        if (!inbox.drop(id)) {
            throw new ParkedEventNotFound();
        }
        log.warn("Event {} is dropped, by {}", id, user.getName());
    }

    @ExceptionHandler
    ProblemDetail notFound(ParkedEventNotFound e) {
        return Problem.of(
                HttpStatus.NOT_FOUND,
                "parked-event-not-found",
                "No event with this id is parked: it was applied or dropped.");
    }

    @ExceptionHandler({RestClientException.class, OAuth2AuthorizationException.class})
    ResponseEntity<ProblemDetail> feedUnavailable(RuntimeException e) {
        log.warn("The feeds cannot be audited: {}", e.getMessage());
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, "5")
                .body(Problem.of(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "feed-unavailable",
                        "A service whose events are read does not respond, or rejects the position of the audit. The log"
                                + " names the cause. Retry after 5 seconds."));
    }
}
