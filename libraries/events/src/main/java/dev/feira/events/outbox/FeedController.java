package dev.feira.events.outbox;

import dev.feira.defaults.problem.Problem;
import dev.feira.events.CloudEvent;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves this service's events to other services: no gateway route leads here. A consumer sends the position of the last event
 * that it has applied, and gets those after it; 204 when none came within the wait.
 */
@RestController
class FeedController {

    static final int MAX_LIMIT = 500;

    private final Feed feed;
    private final OutboxProperties settings;

    FeedController(Feed feed, OutboxProperties settings) {
        this.feed = feed;
        this.settings = settings;
    }

    /**
     * Returns events after a position.
     *
     * @param limit 1 to 500
     * @param wait seconds to wait for an event, at most the configured wait
     * @param audit the consumer reads again: this is not its position
     */
    @GetMapping(path = "/feeds/${feira.outbox.feed}", produces = CloudEvent.BATCH)
    ResponseEntity<List<CloudEvent>> events(
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(defaultValue = "100") int limit,
            @RequestParam(defaultValue = "0") int wait,
            @RequestParam(defaultValue = "false") boolean audit,
            Principal consumer) {
        var longest = (int) settings.longestWait().toSeconds();
        var batch = feed.read(
                after,
                Math.clamp(limit, 1, MAX_LIMIT),
                Duration.ofSeconds(Math.clamp(wait, 0, longest)),
                audit ? null : consumer.getName());
        return batch.events().isEmpty()
                ? ResponseEntity.noContent().build()
                : ResponseEntity.ok()
                        .contentType(MediaType.parseMediaType(CloudEvent.BATCH))
                        .header("Feed-Remaining", String.valueOf(batch.remaining()))
                        .body(batch.events());
    }

    @ExceptionHandler
    ProblemDetail invalid(InvalidFeedPosition e) {
        return Problem.of(HttpStatus.BAD_REQUEST, "invalid-feed-position", e.getMessage());
    }

    @ExceptionHandler
    ProblemDetail expired(ExpiredFeedPosition e) {
        return Problem.of(HttpStatus.GONE, "feed-position-expired", e.getMessage());
    }
}
