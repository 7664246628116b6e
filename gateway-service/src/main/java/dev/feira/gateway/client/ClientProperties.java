package dev.feira.gateway.client;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code feira.gateway.client}.
 *
 * @param trustedProxies addresses or CIDR ranges of the proxies in front of the gateway whose {@code X-Forwarded-For}
 *     is trusted; none by default: then the header is ignored
 */
@ConfigurationProperties("feira.gateway.client")
public record ClientProperties(@DefaultValue List<String> trustedProxies) {}
