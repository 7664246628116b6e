package dev.feira.notification.smtp;

import dev.feira.defaults.FeiraProperties;
import dev.feira.notification.config.NotificationProperties;
import dev.feira.notification.domain.Content;
import dev.feira.notification.domain.Mail;
import dev.feira.notification.domain.MailRejected;
import dev.feira.notification.domain.MailServer;
import dev.feira.notification.domain.MailServerUnavailable;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.UnsupportedEncodingException;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.jspecify.annotations.Nullable;
import org.springframework.mail.MailException;
import org.springframework.mail.MailSendException;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.MimeMessageHelper;

/** Sends mail by SMTP. */
final class SmtpServer implements MailServer {

    private static final int PERMANENT = 500; // RFC 5321, section 4.2.1
    private static final int LONGEST_REASON = 300;
    /** IDNA 2003, which the JDK has, would change these letters; such a domain goes out as it is (RFC 6531). */
    private static final Pattern LETTERS_OF_2008 = Pattern.compile("[ßς]");

    private final JavaMailSender sender;
    private final InternetAddress from;
    private final String host;

    SmtpServer(JavaMailSender sender, NotificationProperties settings, FeiraProperties feira) throws AddressException {
        this.sender = sender;
        this.from = new InternetAddress(settings.mail().from(), true);
        this.host = Objects.requireNonNullElse(feira.publicUrl().getHost(), "localhost");
    }

    @Override
    public void send(Mail mail) {
        MimeMessage message;
        try {
            message = message(mail, Objects.requireNonNull(mail.content()));
        } catch (MessagingException | UnsupportedEncodingException e) {
            throw new MailRejected("the address is malformed: " + e.getMessage());
        }
        try {
            sender.send(message);
        } catch (MailException e) {
            if (!isAccepted(e)) {
                throw failure(e);
            }
        }
    }

    private MimeMessage message(Mail mail, Content content) throws MessagingException, UnsupportedEncodingException {
        var message = sender.createMimeMessage();
        var helper = new MimeMessageHelper(message, MimeMessageHelper.MULTIPART_MODE_MIXED_RELATED, "UTF-8");
        helper.setFrom(from);
        helper.setTo(new InternetAddress(
                ascii(Objects.requireNonNull(mail.to())), mail.name(), StandardCharsets.UTF_8.name()));
        helper.setSubject(content.subject());
        helper.setText(content.text(), content.html());
        message.setHeader("Message-ID", "<%s@%s>".formatted(mail.id(), host));
        message.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: no out-of-office replies
        return message;
    }

    /** Returns the address with its domain in ASCII, as DNS has it. */
    private static String ascii(String address) {
        var at = address.lastIndexOf('@') + 1;
        var domain = address.substring(at);
        return LETTERS_OF_2008.matcher(domain).find()
                ? address
                : address.substring(0, at) + IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED);
    }

    /** Without a failed message, only the end of the connection failed: the server has the mail. */
    private static boolean isAccepted(MailException e) {
        return e instanceof MailSendException send
                && send.getFailedMessages().isEmpty()
                && send.getMessageExceptions().length == 0;
    }

    /** A wrong password, a rejected sender, and whatever else is wrong with the server and not with the mail, is tried again. */
    private static RuntimeException failure(MailException e) {
        var reason = reason(e);
        var code = causes(e)
                .map(SmtpServer::code)
                .flatMapToInt(OptionalInt::stream)
                .findFirst();
        return code.isPresent() && code.getAsInt() >= PERMANENT
                ? new MailRejected(reason)
                : new MailServerUnavailable(reason);
    }

    private static OptionalInt code(Throwable e) {
        return switch (e) {
            case SMTPAddressFailedException address -> OptionalInt.of(address.getReturnCode());
            case SMTPSendFailedException command
            when !command.getCommand().startsWith("MAIL") -> OptionalInt.of(command.getReturnCode());
            default -> OptionalInt.empty();
        };
    }

    private static Stream<Throwable> causes(MailException e) {
        return (e instanceof MailSendException send && send.getMessageExceptions().length > 0
                        ? Arrays.stream(send.getMessageExceptions())
                        : Stream.of(e))
                .flatMap(cause -> Stream.iterate((Throwable) cause, Objects::nonNull, SmtpServer::next));
    }

    private static @Nullable Throwable next(Throwable e) {
        return e instanceof MessagingException mail && mail.getNextException() != null
                ? mail.getNextException()
                : e.getCause();
    }

    private static String reason(MailException e) {
        var line = causes(e)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .reduce((_, last) -> last)
                .flatMap(message -> Optional.of(message.strip().replaceAll("\\s+", " ")))
                .orElse(e.getClass().getSimpleName());
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON);
    }
}
