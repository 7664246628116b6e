package dev.feira.payment.web;

import dev.feira.defaults.problem.Problem;
import dev.feira.payment.application.ChargeResult;
import dev.feira.payment.application.ChargeService;
import dev.feira.payment.domain.Amount;
import dev.feira.payment.domain.Charge;
import dev.feira.payment.domain.ChargeStatus;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Creates, reads and cancels charges. */
@RestController
@RequestMapping("/charges")
class ChargeController {

    /** PostgreSQL does not store NUL in text. */
    static final String TEXT = "[^\\x00]*";

    static final String TEXT_MESSAGE = "must not contain NUL";

    private final ChargeService charges;
    private final Clock clock;

    ChargeController(ChargeService charges, Clock clock) {
        this.charges = charges;
        this.clock = clock;
    }

    record ChargeRequest(
            @NotBlank @Size(max = 100) @Pattern(regexp = TEXT, message = TEXT_MESSAGE) String reference,

            @NotNull @Valid Amount amount,

            @NotBlank @Size(max = 100) @Pattern(regexp = TEXT, message = TEXT_MESSAGE) String token) {}

    record ChargeResponse(
            UUID id,
            String reference,
            ChargeStatus status,
            @Nullable String declineReason,
            String brand,
            String last4,
            Amount amount,
            Amount refunded,
            Instant createdAt) {

        static ChargeResponse of(Charge charge) {
            return new ChargeResponse(
                    charge.id(),
                    charge.reference(),
                    charge.status(),
                    charge.declineReason(),
                    charge.brand(),
                    charge.last4(),
                    Amount.of(charge.amount()),
                    Amount.of(charge.refunded()),
                    charge.createdAt());
        }
    }

    @PostMapping
    @Nullable ResponseEntity<?> charge(
            @RequestHeader(IdempotencyKey.HEADER)
                    @Pattern(regexp = IdempotencyKey.FORM, message = IdempotencyKey.MESSAGE) String idempotencyKey,
            @Valid @RequestBody ChargeRequest request,
            HttpServletRequest servletRequest)
            throws InterruptedException {
        var command = new ChargeService.ChargeCommand(
                request.reference(), request.amount().euros(), request.token());
        return switch (charges.charge(idempotencyKey, command)) {
            case ChargeResult.Immediate(var charge, var repeated) -> created(charge, repeated);
            case ChargeResult.Delayed(var charge, var repeated, var notBefore) -> {
                var wait = Duration.between(clock.instant(), notBefore);
                if (wait.isPositive()) {
                    Thread.sleep(wait); // blocks a virtual thread only
                }
                yield created(charge, repeated);
            }
            case ChargeResult.Dropped _ -> {
                ConnectionCutter.cut(servletRequest);
                yield null;
            }
            case ChargeResult.Failed() ->
                ResponseEntity.status(HttpStatus.INTERNAL_SERVER_ERROR)
                        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                        .body(Problem.of(
                                HttpStatus.INTERNAL_SERVER_ERROR,
                                "internal-error",
                                "This test card fails twice. Repeat the request."));
        };
    }

    private static ResponseEntity<ChargeResponse> created(Charge charge, boolean repeated) {
        return ResponseEntity.created(URI.create("/charges/" + charge.id()))
                .header(IdempotencyKey.REPEATED, String.valueOf(repeated))
                .body(ChargeResponse.of(charge));
    }

    @GetMapping("/{id}")
    ChargeResponse charge(@PathVariable UUID id) {
        return ChargeResponse.of(charges.charge(id));
    }

    @GetMapping
    Page<ChargeResponse> charges(
            @RequestParam @Size(min = 1, max = 100) @Pattern(regexp = TEXT, message = TEXT_MESSAGE) String reference) {
        return Page.complete(
                charges.chargesFor(reference).stream().map(ChargeResponse::of).toList());
    }

    @PostMapping("/{id}/cancellation")
    ChargeResponse cancel(@PathVariable UUID id) {
        return ChargeResponse.of(charges.cancel(id));
    }
}
