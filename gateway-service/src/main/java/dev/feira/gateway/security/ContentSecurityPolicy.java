package dev.feira.gateway.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

/**
 * Which content a browser may load for the pages: what this site serves, nothing else. Browsers know import maps only
 * as inline scripts, so each inline script of our own pages is allowed by its hash, computed at start.
 *
 * @see <a href="https://www.w3.org/TR/CSP3/">Content Security Policy Level 3</a>
 */
@Component
class ContentSecurityPolicy {

    private static final Pattern INLINE_SCRIPT = Pattern.compile(
            "<script(?![^>]*\\ssrc\\s*=)[^>]*>(.*?)</script>", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

    /** The one style element that Swagger UI writes into /api-docs; its text is always the same. */
    private static final String SWAGGER_UI_STYLE = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='";

    private final String policy;

    ContentSecurityPolicy() {
        this.policy = "default-src 'none'; script-src 'self'" + hashes()
                + "; style-src 'self' " + SWAGGER_UI_STYLE
                + "; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self';"
                + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    }

    String policy() {
        return policy;
    }

    private static String hashes() {
        try {
            Set<String> hashes = new LinkedHashSet<>();
            var pages = new PathMatchingResourcePatternResolver().getResources("classpath*:static/**/*.html");
            for (Resource page : pages) {
                var scripts = INLINE_SCRIPT.matcher(page.getContentAsString(StandardCharsets.UTF_8));
                while (scripts.find()) {
                    var digest = MessageDigest.getInstance("SHA-256")
                            .digest(scripts.group(1).getBytes(StandardCharsets.UTF_8));
                    hashes.add(" 'sha256-" + Base64.getEncoder().encodeToString(digest) + "'");
                }
            }
            return String.join("", hashes);
        } catch (IOException e) {
            throw new UncheckedIOException("the pages could not be read", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
