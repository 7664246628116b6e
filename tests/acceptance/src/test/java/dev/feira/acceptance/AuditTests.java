package dev.feira.acceptance;

import java.util.Set;
import org.junit.jupiter.api.Test;

class AuditTests {

    @Test
    void auditsThePlatformAfterEveryTest() {
        AuditCoverage.check(AuditTests.class, Set.of(AuditTests.class));
    }
}
