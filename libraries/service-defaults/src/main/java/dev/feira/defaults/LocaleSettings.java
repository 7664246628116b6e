package dev.feira.defaults;

import java.util.Locale;
import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.context.ApplicationListener;

/**
 * Makes JSON, headers, signatures and SQL the same on every machine. The default locale of a machine may have other digits
 * ({@code fa_IR}) or other rules for upper and lower case ({@code tr_TR}). Pages use the locale of their user.
 */
final class LocaleSettings implements ApplicationListener<ApplicationStartingEvent> {

    @Override
    public void onApplicationEvent(ApplicationStartingEvent event) {
        Locale.setDefault(Locale.ROOT);
    }
}
