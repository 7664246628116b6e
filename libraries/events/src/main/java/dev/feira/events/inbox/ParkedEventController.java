package dev.feira.events.inbox;

import dev.feira.defaults.problem.Problem;
import java.security.Principal;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

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

    ParkedEventController(Inbox inbox) {
        this.inbox = inbox;
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
}
