package dev.feira.user.web;

import dev.feira.defaults.FeiraProperties;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Sets the public URL as the URL of every request, so that links and redirects lead there. {@code Host} and
 * {@code X-Forwarded-Host}, which a client can forge, have no effect.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class PublicUrlFilter extends OncePerRequestFilter {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final URI publicUrl;

    PublicUrlFilter(FeiraProperties settings) {
        this.publicUrl = settings.publicUrl();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(new AtPublicUrl(request, publicUrl), response);
    }

    private static final class AtPublicUrl extends HttpServletRequestWrapper {

        private final URI url;

        AtPublicUrl(HttpServletRequest request, URI url) {
            super(request);
            this.url = url;
        }

        @Override
        public String getScheme() {
            return url.getScheme();
        }

        @Override
        public String getServerName() {
            return url.getHost();
        }

        @Override
        public int getServerPort() {
            return url.getPort() >= 0 ? url.getPort() : isSecure() ? HTTPS : HTTP;
        }

        @Override
        public boolean isSecure() {
            return "https".equals(url.getScheme());
        }

        @Override
        public StringBuffer getRequestURL() {
            return new StringBuffer(url.getScheme())
                    .append("://")
                    .append(url.getAuthority())
                    .append(getRequestURI());
        }
    }
}
