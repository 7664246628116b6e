package dev.feira.gateway.client;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code feira.gateway.client}.
 *
 * @param trustedProxies addresses or CIDR ranges of the proxies in front of the gateway whose {@code X-Forwarded-For}
 *     is believed; none by default: then whatever a client says of itself is dropped
 */
@ConfigurationProperties("feira.gateway.client")
public record ClientProperties(@DefaultValue List<String> trustedProxies) {}
