package dev.feira.user.web;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.i18n.AcceptHeaderLocaleResolver;
import org.springframework.web.servlet.i18n.CookieLocaleResolver;
import org.springframework.web.servlet.i18n.LocaleChangeInterceptor;

/** English and Portuguese: what {@code ?lang=} chose, remembered in a cookie; else what the browser prefers. */
@Configuration(proxyBeanMethods = false)
class Languages implements WebMvcConfigurer {

    private static final Locale PORTUGUESE = Locale.of("pt");
    private static final List<Locale> OURS = List.of(Locale.ENGLISH, PORTUGUESE);

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
        resolver.setDefaultLocaleFunction(browser::resolveLocale);
        resolver.setCookiePath("/id");
        resolver.setCookieHttpOnly(true);
        resolver.setCookieSameSite("Lax");
        resolver.setCookieMaxAge(Duration.ofDays(365));
        resolver.setRejectInvalidCookies(false);
        return resolver;
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
