package dev.feira.payment.application;

import dev.feira.payment.domain.Ledger;
import dev.feira.payment.domain.LedgerEntry;
import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Reads the ledger. */
@Service
public class LedgerService {

    private final Ledger ledger;

    LedgerService(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * Returns entries, oldest first.
     *
     * @param after the position of the last entry read, 0 for the beginning
     * @param limit maximum number of entries
     */
    @Transactional(readOnly = true)
    public List<LedgerEntry> entriesAfter(long after, int limit) {
        return ledger.after(after, limit);
    }
}
