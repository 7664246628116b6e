package dev.feira.gateway.security;

import org.springframework.stereotype.Component;

/**
 * Which content a browser may load for the pages: files of this site, nothing else and nothing inline but one style.
 *
 * @see <a href="https://www.w3.org/TR/CSP3/">Content Security Policy Level 3</a>
 */
@Component
class ContentSecurityPolicy {

    /** The one style element that Swagger UI writes into /api-docs; its text is always the same. */
    private static final String SWAGGER_UI_STYLE = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='";

    private final String policy;

    ContentSecurityPolicy() {
        this.policy = "default-src 'none'; script-src 'self'; style-src 'self' " + SWAGGER_UI_STYLE
                + "; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self';"
                + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    }

    String policy() {
        return policy;
    }
}
