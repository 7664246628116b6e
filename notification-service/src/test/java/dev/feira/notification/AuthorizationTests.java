package dev.feira.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Sends every operation as every role. */
@NotificationTest
class AuthorizationTests {

    /** The permitted roles: one letter for each of anyone, customer, staff, admin, another service. */
    private static final Map<String, String> OPERATIONS = Map.of(
            "GET /mails", "SM",
            "GET /mails/mine", "CSM",
            "GET /mails/{id}", "SM",
            "GET /mails/{id}/html", "SM",
            "POST /mails/{id}/retry", "SM",
            "GET /audit", "SM",
            "GET /parked-events", "SM",
            "GET /parked-events/audit", "SM",
            "POST /parked-events/{id}/retry", "SM",
            "DELETE /parked-events/{id}", "SM");

    private static final Map<Character, String> TOKENS = Map.of(
            'A', TestMail.ANYONE,
            'C', TestMail.CUSTOMER,
            'S', TestMail.STAFF,
            'M', TestMail.ADMIN,
            'O', TestMail.SERVICE);

    @Autowired
    TestMail mail;

    @Autowired
    @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mappings;

    static Stream<Arguments> everyOneAndEveryOperation() {
        return OPERATIONS.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(operation -> "ACSMO"
                        .chars()
                        .mapToObj(role -> Arguments.of(
                                operation.getKey(),
                                (char) role,
                                operation.getValue().indexOf(role) >= 0)));
    }

    @ParameterizedTest(name = "{0} by {1}: {2}")
    @MethodSource("everyOneAndEveryOperation")
    void permitsOperationsByRole(String operation, char role, boolean allowed) {
        var parts = operation.split(" ");
        var path = parts[1].replace("{id}", UUID.randomUUID().toString());

        var reply = mail.send(parts[0], TOKENS.get(role), path);

        if (allowed) {
            assertThat(reply.status()).as(reply.toString()).isNotIn(401, 403).isLessThan(500);
        } else if (role == 'A') {
            assertThat(reply.status()).isEqualTo(401);
        } else {
            assertThat(reply.status()).isEqualTo(403);
        }
    }

    @Test
    void coversEveryOperation() {
        var operations = new TreeSet<String>();
        mappings.getHandlerMethods().forEach((mapping, handler) -> {
            if (handler.getBeanType().getPackageName().matches("dev\\.feira\\.(notification|events)\\..*")) {
                mapping.getMethodsCondition()
                        .getMethods()
                        .forEach(method ->
                                mapping.getPatternValues().forEach(path -> operations.add(method + " " + path)));
            }
        });

        assertThat(operations).containsExactlyInAnyOrderElementsOf(OPERATIONS.keySet());
    }

    @Test
    void deniesUndeclaredPaths() {
        assertThat(mail.get(TestMail.ANYONE, "/nothing").status()).isEqualTo(401);
        assertThat(mail.get(TestMail.ADMIN, "/nothing").status()).isEqualTo(403);
        assertThat(mail.get(TestMail.ADMIN, "/actuator/health").status()).isIn(403, 404);
    }

    @Test
    void describesItsPublicOperations() {
        var document = mail.get(TestMail.ANYONE, "/openapi.json/public");

        assertThat(document.status()).as(document.toString()).isEqualTo(200);
        assertThat(document.<Map<String, Object>>at("$.paths"))
                .containsOnlyKeys(
                        "/api/mails",
                        "/api/mails/mine",
                        "/api/mails/{id}",
                        "/api/mails/{id}/html",
                        "/api/mails/{id}/retry");
    }
}
