package dev.feira.defaults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.test.PostgresConfiguration;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocaleSettingsTests {

    @ParameterizedTest
    @ValueSource(strings = {"fa-IR", "ar-EG", "tr-TR", "th-TH-u-nu-thai"})
    void writesTheSameBytesOnMachineWithAnotherLocale(String machine) throws Exception {
        var before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(machine));
        try (var service = SampleService.on(PostgresConfiguration.freshDatabase(), "--server.port=0")) {
            var port = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);

            assertThat("%d %s".formatted(404, "TITLE".toLowerCase())).isEqualTo("404 title");
            assertThat(Http.get(port, "/staff").body()).contains("\"status\":401");
        } finally {
            Locale.setDefault(before);
        }
    }
}
