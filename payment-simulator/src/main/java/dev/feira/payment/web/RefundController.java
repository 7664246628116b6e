package dev.feira.payment.web;

import dev.feira.payment.application.RefundService;
import dev.feira.payment.domain.Amount;
import dev.feira.payment.domain.Refund;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Refunds charges. */
@RestController
@RequestMapping("/refunds")
class RefundController {

    private final RefundService refunds;

    RefundController(RefundService refunds) {
        this.refunds = refunds;
    }

    record RefundRequest(
            @NotNull UUID chargeId, @NotNull @Valid Amount amount) {}

    record RefundResponse(UUID id, UUID chargeId, String reference, String status, Amount amount, Instant createdAt) {

        static RefundResponse of(Refund refund) {
            return new RefundResponse(
                    refund.id(),
                    refund.chargeId(),
                    refund.reference(),
                    "SUCCEEDED", // an impossible refund is rejected, and none is pending
                    Amount.of(refund.amount()),
                    refund.createdAt());
        }
    }

    @PostMapping
    ResponseEntity<RefundResponse> refund(
            @RequestHeader(IdempotencyKey.HEADER)
                    @Pattern(regexp = IdempotencyKey.FORM, message = IdempotencyKey.MESSAGE) String idempotencyKey,
            @Valid @RequestBody RefundRequest request) {
        var made = refunds.refund(
                idempotencyKey, request.chargeId(), request.amount().euros());
        return ResponseEntity.status(HttpStatus.CREATED)
                .header(IdempotencyKey.REPEATED, String.valueOf(made.repeated()))
                .body(RefundResponse.of(made.refund()));
    }

    @GetMapping
    Page<RefundResponse> refunds(
            @RequestParam
                    @Size(min = 1, max = 100) @Pattern(regexp = ChargeController.TEXT, message = ChargeController.TEXT_MESSAGE) String reference) {
        return Page.complete(
                refunds.refundsFor(reference).stream().map(RefundResponse::of).toList());
    }
}
