package dev.feira.user.web;

import dev.feira.defaults.FeiraProperties;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.savedrequest.SavedRequest;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.i18n.AcceptHeaderLocaleResolver;
import org.springframework.web.servlet.i18n.CookieLocaleResolver;
import org.springframework.web.servlet.i18n.LocaleChangeInterceptor;

/**
 * Selects English or Portuguese: by {@code ?lang=}, stored in a cookie; else by {@code ui_locales} of the client that
 * started the sign-in; else by {@code Accept-Language}.
 */
@Configuration(proxyBeanMethods = false)
class LocaleConfiguration implements WebMvcConfigurer {

    private static final Locale PORTUGUESE = Locale.of("pt");
    private static final List<Locale> SUPPORTED = List.of(Locale.ENGLISH, PORTUGUESE);

    /** The session attribute of Spring Security; its accessor needs a response, which a resolver does not have. */
    private static final String SAVED_REQUEST = "SPRING_SECURITY_SAVED_REQUEST";

    @Bean
    LocaleResolver localeResolver(FeiraProperties settings) {
        var browser = new AcceptHeaderLocaleResolver();
        browser.setSupportedLocales(SUPPORTED);
        browser.setDefaultLocale(Locale.ENGLISH);
        var resolver = new CookieLocaleResolver(settings.cookieName("FEIRA_LANG")) {
            @Override
            protected Locale parseLocaleValue(String value) {
                return supported(value);
            }
        };
        resolver.setDefaultLocaleFunction(
                request -> clientLocale(request).orElseGet(() -> browser.resolveLocale(request)));
        resolver.setCookiePath("/id");
        resolver.setCookieHttpOnly(true);
        resolver.setCookieSameSite("Lax");
        resolver.setCookieMaxAge(Duration.ofDays(365));
        resolver.setRejectInvalidCookies(false);
        return resolver;
    }

    private static Locale supported(String value) {
        return value.startsWith("pt") ? PORTUGUESE : Locale.ENGLISH;
    }

    /** Returns the first supported language in the authorization request. */
    private static Optional<Locale> clientLocale(HttpServletRequest request) {
        var session = request.getSession(false);
        var requested = session != null && session.getAttribute(SAVED_REQUEST) instanceof SavedRequest saved
                ? saved.getParameterValues("ui_locales")
                : null;
        return requested == null
                ? Optional.empty()
                : Arrays.stream(requested)
                        .flatMap(tags -> Arrays.stream(tags.split(" ")))
                        .map(tag -> Locale.forLanguageTag(tag).getLanguage())
                        .flatMap(tag -> SUPPORTED.stream()
                                .filter(locale -> locale.getLanguage().equals(tag)))
                        .findFirst();
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        var chosen = new LocaleChangeInterceptor() {
            @Override
            protected Locale parseLocaleValue(String value) {
                return supported(value);
            }
        };
        chosen.setParamName("lang");
        registry.addInterceptor(chosen);
    }
}
