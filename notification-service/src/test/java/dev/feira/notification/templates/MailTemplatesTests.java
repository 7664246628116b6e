package dev.feira.notification.templates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.notification.NotificationTest;
import dev.feira.notification.domain.Language;
import dev.feira.notification.domain.Letter;
import dev.feira.notification.domain.Letter.Amount;
import dev.feira.notification.domain.Letter.Line;
import dev.feira.notification.domain.Letter.LocalizedText;
import dev.feira.notification.domain.MailKind;
import dev.feira.notification.domain.Recipient;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Writes each kind of mail in each language; the HTML stays in {@code target/mail} as a preview. */
@NotificationTest
class MailTemplatesTests {

    private static final Path PREVIEWS = Path.of("target", "mail");
    private static final URI LINK = URI.create("https://shop.example/id/somewhere?token=a&b=c");

    @Autowired
    MailTemplates templates;

    static Stream<Arguments> kindsAndLanguages() {
        return Arrays.stream(MailKind.values())
                .flatMap(kind -> Arrays.stream(Language.values()).map(language -> Arguments.of(kind, language)));
    }

    @ParameterizedTest
    @MethodSource("kindsAndLanguages")
    void writesEachKindInEachLanguage(MailKind kind, Language language) throws Exception {
        var content = templates.render(letter(kind), recipient("Ana d'Ávila & Filhos", language));

        Files.createDirectories(PREVIEWS);
        Files.writeString(PREVIEWS.resolve("%s.%s.html".formatted(kind, language)), content.html());
        assertThat(content.subject()).isNotBlank().doesNotContain("{", "''", "??", "\n");
        assertThat(content.text()).contains(LINK.toString()).doesNotContain("{", "''", "??", "&amp;", "&#39;");
        assertThat(content.html())
                .contains("token=a&amp;b=c", "lang=\"" + language.locale().getLanguage())
                .doesNotContain("??", "<script");
        if (kind.isToUnprovenAddress()) { // the name may be a text for a stranger
            assertThat(content.text() + content.html()).doesNotContain("Filhos");
        } else {
            assertThat(content.text()).contains("Ana d'Ávila & Filhos");
            assertThat(content.html()).contains("Ana d&#39;Ávila &amp; Filhos");
        }
    }

    private static Letter letter(MailKind kind) {
        return switch (kind) {
            case ORDER_CONFIRMED, ORDER_REJECTED, ORDER_SHIPPED, ORDER_CANCELLED, ORDER_REFUNDED ->
                new Letter.OfOrder(
                        kind,
                        "0198c0de-5eed-7000-8000-000000000001",
                        List.of(
                                new Line(new LocalizedText("Unwaxed lemons", "Limões sem cera"), 2, euros("4.20")),
                                new Line(
                                        new LocalizedText("Cheese & quince", "Queijo e marmelada"), 1, euros("12.50"))),
                        euros("16.70"),
                        kind == MailKind.ORDER_REJECTED ? "PAYMENT_DECLINED" : null,
                        LINK);
            case STOCK_LOW -> new Letter.OfStock("FRU-LEMON", new LocalizedText("Lemons", "Limões"), 3, 5, LINK);
            default ->
                new Letter.OfAccount(
                        kind,
                        List.of("ana@example.org", "nova@example.org"),
                        kind.isSecret() ? Instant.parse("2026-12-01T10:30:00Z") : null,
                        LINK);
        };
    }

    private static Amount euros(String amount) {
        return new Amount(new BigDecimal(amount), "EUR");
    }

    private static Recipient recipient(String name, Language language) {
        return new Recipient("1", "ana@example.org", name, language, false, false, false);
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void explainsEachReasonOfRejection(Language language) {
        for (var reason : List.of(
                "OUT_OF_STOCK",
                "PRODUCT_UNAVAILABLE",
                "PAYMENT_DECLINED",
                "PAYMENT_NOT_COMPLETED",
                "RESERVATION_EXPIRED")) {
            var letter = new Letter.OfOrder(MailKind.ORDER_REJECTED, "1", List.of(), euros("1.00"), reason, LINK);

            assertThat(templates.render(letter, recipient("Ana", language)).text())
                    .doesNotContain(reason);
        }
    }

    /** A name with a line break must not begin another header. */
    @Test
    void keepsTheSubjectOnOneLine() {
        var letter = new Letter.OfStock("A", new LocalizedText("Figs\r\nBcc: all@example.org", "Figos"), 1, 1, LINK);

        assertThat(templates.render(letter, recipient("Ana", Language.EN)).subject())
                .isEqualTo("Few left: Figs Bcc: all@example.org");
    }
}
