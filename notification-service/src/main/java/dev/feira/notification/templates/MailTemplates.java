package dev.feira.notification.templates;

import dev.feira.defaults.FeiraProperties;
import dev.feira.notification.domain.Content;
import dev.feira.notification.domain.Language;
import dev.feira.notification.domain.Letter;
import dev.feira.notification.domain.Letter.Amount;
import dev.feira.notification.domain.Recipient;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Component;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;

/** Writes mail: the texts of a kind from {@code messages*.properties}, in one layout as HTML and one as plain text. */
@Component
public class MailTemplates {

    private static final int SHORT_ID = 8; // as the pages show it

    private final ITemplateEngine engine;
    private final MessageSource messages;
    private final FeiraProperties feira;

    MailTemplates(ITemplateEngine engine, MessageSource messages, FeiraProperties feira) {
        this.engine = engine;
        this.messages = messages;
        this.feira = feira;
    }

    private record Row(String name, int quantity, String total) {}

    /**
     * Returns the mail in the recipient's language.
     *
     * @throws RuntimeException a text or a value is missing
     */
    public Content render(Letter letter, Recipient recipient) {
        var texts = new Texts(letter, recipient.language());
        var context = new Context(recipient.language().locale());
        context.setVariable("language", recipient.language().locale().getLanguage());
        context.setVariable("shop", feira.publicUrl().toString());
        context.setVariable("subject", texts.get("subject"));
        context.setVariable(
                "greeting",
                letter.kind().isToUnprovenAddress()
                        ? texts.common("greeting.unnamed")
                        : texts.common("greeting", recipient.name()));
        context.setVariable("paragraphs", texts.get("text").split("\n"));
        context.setVariable("rows", rows(letter, recipient.language()));
        context.setVariable(
                "total", letter instanceof Letter.OfOrder order ? money(order.total(), recipient.language()) : "");
        context.setVariable("totalLabel", texts.common("total"));
        context.setVariable("button", texts.get("button"));
        context.setVariable("link", letter.link().toString());
        context.setVariable("reason", texts.get("reason"));
        return new Content(
                oneLine(texts.get("subject")), engine.process("mail.txt", context), engine.process("mail", context));
    }

    private static List<Row> rows(Letter letter, Language language) {
        return letter instanceof Letter.OfOrder order
                ? order.lines().stream()
                        .map(line -> new Row(line.name().in(language), line.quantity(), money(line.total(), language)))
                        .toList()
                : List.of();
    }

    private static String money(Amount amount, Language language) {
        var format = NumberFormat.getCurrencyInstance(language.locale());
        format.setCurrency(Currency.getInstance(amount.currency()));
        return format.format(amount.amount());
    }

    private static String dateTime(Instant time, Locale locale) {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.SHORT)
                        .localizedBy(locale)
                        .format(time.atOffset(ZoneOffset.UTC))
                + " UTC";
    }

    /** A line break in a header would begin another one. */
    private static String oneLine(String subject) {
        return subject.replaceAll("\\p{Cntrl}+", " ");
    }

    /** The texts of one letter. */
    private final class Texts {

        private final Letter letter;
        private final Locale locale;
        private final Object[] values;

        Texts(Letter letter, Language language) {
            this.letter = letter;
            this.locale = language.locale();
            this.values = switch (letter) {
                case Letter.OfAccount account ->
                    Stream.concat(
                                    Stream.of(account.expiresAt() == null ? "" : dateTime(account.expiresAt(), locale)),
                                    account.addresses().stream())
                            .toArray(String[]::new);
                case Letter.OfOrder order ->
                    new String[] {
                        order.orderId()
                                .substring(0, Math.min(SHORT_ID, order.orderId().length())),
                        money(order.total(), language),
                        order.rejection() == null ? "" : common("rejection." + order.rejection())
                    };
                case Letter.OfStock stock ->
                    new String[] {
                        stock.name().in(language),
                        stock.sku(),
                        String.valueOf(stock.available()),
                        String.valueOf(stock.reorderLevel())
                    };
            };
        }

        String get(String part) {
            return messages.getMessage(letter.kind() + "." + part, values, locale);
        }

        String common(String key, String... values) {
            return messages.getMessage(key, values, locale);
        }
    }
}
