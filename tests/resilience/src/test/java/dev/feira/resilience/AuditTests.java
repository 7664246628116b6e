package dev.feira.resilience;

import dev.feira.acceptance.AuditCoverage;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AuditTests {

    @Test
    void auditsThePlatformAfterEveryTest() {
        AuditCoverage.check(
                AuditTests.class,
                Set.of(AuditTests.class, HistoryTests.class, ManifestTests.class, StatementTests.class));
    }
}
