package dev.feira.notification.smtp;

import dev.feira.defaults.FeiraProperties;
import dev.feira.notification.config.NotificationProperties;
import dev.feira.notification.domain.MailServer;
import jakarta.mail.internet.AddressException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Properties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.util.StringUtils;
import org.springframework.web.util.UriUtils;

/** The SMTP server of {@code FEIRA_MAIL_URL}; none without it. */
@Configuration(proxyBeanMethods = false)
@Conditional(SmtpConfiguration.UrlIsSet.class)
class SmtpConfiguration {

    /** Without a URL there is no server, and Spring Boot's health has none to ask. */
    static final class UrlIsSet implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return StringUtils.hasText(context.getEnvironment().getProperty("feira.notification.mail.url"));
        }
    }

    @Bean
    MailServer mailServer(JavaMailSenderImpl sender, NotificationProperties settings, FeiraProperties feira)
            throws AddressException {
        return new SmtpServer(sender, settings, feira);
    }

    @Bean
    JavaMailSenderImpl mailSender(NotificationProperties notification) {
        var settings = notification.mail();
        var server = settings.server();
        var sender = new JavaMailSenderImpl();
        sender.setProtocol(server.getScheme());
        sender.setHost(server.getHost());
        sender.setPort(server.getPort());
        sender.setDefaultEncoding(StandardCharsets.UTF_8.name());
        var user = user(server);
        if (user.length > 0) {
            sender.setUsername(user[0]);
            sender.setPassword(user.length > 1 ? user[1] : "");
        }
        sender.setJavaMailProperties(properties(server, settings, user.length > 0));
        return sender;
    }

    private static String[] user(URI server) {
        var info = server.getRawUserInfo();
        if (!StringUtils.hasText(info)) {
            return new String[0];
        }
        var parts = info.split(":", 2);
        for (var i = 0; i < parts.length; i++) {
            parts[i] = UriUtils.decode(parts[i], StandardCharsets.UTF_8);
        }
        return parts;
    }

    private static Properties properties(URI server, NotificationProperties.Mail settings, boolean isAuthenticated) {
        var properties = new Properties();
        var prefix = "mail." + server.getScheme() + ".";
        properties.setProperty(prefix + "auth", String.valueOf(isAuthenticated));
        properties.setProperty(prefix + "connectiontimeout", millis(settings.connectTimeout()));
        properties.setProperty(prefix + "timeout", millis(settings.timeout()));
        properties.setProperty(prefix + "writetimeout", millis(settings.timeout()));
        properties.setProperty(prefix + "ssl.checkserveridentity", "true");
        properties.setProperty(prefix + "starttls.enable", "true");
        // a password never travels unencrypted, except within this machine
        properties.setProperty(
                prefix + "starttls.required", String.valueOf(isAuthenticated && !isLocal(server.getHost())));
        properties.setProperty("mail.mime.allowutf8", "true");
        return properties;
    }

    private static boolean isLocal(String host) {
        return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
    }

    private static String millis(Duration duration) {
        return String.valueOf(duration.toMillis());
    }
}
