package dev.feira.payment.web;

import dev.feira.payment.application.LedgerService;
import dev.feira.payment.domain.Amount;
import dev.feira.payment.domain.LedgerEntry;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Instant;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lists the ledger, for the shop's audit. */
@RestController
class LedgerController {

    private final LedgerService ledger;

    LedgerController(LedgerService ledger) {
        this.ledger = ledger;
    }

    record EntryResponse(LedgerEntry.Kind kind, UUID id, UUID chargeId, String reference, Amount amount, Instant at) {

        static EntryResponse of(LedgerEntry entry) {
            return new EntryResponse(
                    entry.kind(),
                    entry.id(),
                    entry.chargeId(),
                    entry.reference(),
                    Amount.of(entry.amount()),
                    entry.at());
        }
    }

    @GetMapping("/ledger")
    Page<EntryResponse> ledger(
            @RequestParam(defaultValue = "0") @PositiveOrZero long after,
            @RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit) {
        var entries = ledger.entriesAfter(after, limit);
        var next =
                entries.size() < limit ? null : String.valueOf(entries.getLast().position());
        return new Page<>(entries.stream().map(EntryResponse::of).toList(), next);
    }
}
