package dev.feira.user.web;

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
 * English and Portuguese: what {@code ?lang=} chose, remembered in a cookie; else the language of the client that waits
 * for the sign-in ({@code ui_locales}); else what the browser prefers.
 */
@Configuration(proxyBeanMethods = false)
class LocaleConfiguration implements WebMvcConfigurer {

    private static final Locale PORTUGUESE = Locale.of("pt");
    private static final List<Locale> OURS = List.of(Locale.ENGLISH, PORTUGUESE);

    /** Where Spring Security keeps it; its own accessor asks for a response, which a resolver has not. */
    private static final String SAVED_REQUEST = "SPRING_SECURITY_SAVED_REQUEST";

    @Bean
    LocaleResolver localeResolver() {
        var browser = new AcceptHeaderLocaleResolver();
        browser.setSupportedLocales(OURS);
        browser.setDefaultLocale(Locale.ENGLISH);
        var resolver = new CookieLocaleResolver("FEIRA_LANG") {
            @Override
            protected Locale parseLocaleValue(String value) {
                return value.startsWith("pt") ? PORTUGUESE : Locale.ENGLISH;
            }
        };
        resolver.setDefaultLocaleFunction(
                request -> ofTheClient(request).orElseGet(() -> browser.resolveLocale(request)));
        resolver.setCookiePath("/id");
        resolver.setCookieHttpOnly(true);
        resolver.setCookieSameSite("Lax");
        resolver.setCookieMaxAge(Duration.ofDays(365));
        resolver.setRejectInvalidCookies(false);
        return resolver;
    }

    /** The first of the languages in the authorization request that is ours. */
    private static Optional<Locale> ofTheClient(HttpServletRequest request) {
        var session = request.getSession(false);
        var asked = session != null && session.getAttribute(SAVED_REQUEST) instanceof SavedRequest saved
                ? saved.getParameterValues("ui_locales")
                : null;
        return asked == null
                ? Optional.empty()
                : Arrays.stream(asked)
                        .flatMap(tags -> Arrays.stream(tags.split(" ")))
                        .map(tag -> Locale.forLanguageTag(tag).getLanguage())
                        .flatMap(tag ->
                                OURS.stream().filter(ours -> ours.getLanguage().equals(tag)))
                        .findFirst();
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        var chosen = new LocaleChangeInterceptor() {
            @Override
            protected Locale parseLocaleValue(String value) {
                return value.startsWith("pt") ? PORTUGUESE : Locale.ENGLISH;
            }
        };
        chosen.setParamName("lang");
        registry.addInterceptor(chosen);
    }
}
