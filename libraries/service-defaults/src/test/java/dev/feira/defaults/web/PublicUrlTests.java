package dev.feira.defaults.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feira.defaults.FeiraProperties;
import dev.feira.defaults.SampleService;
import dev.feira.test.PostgresConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicUrlTests {

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8080, http://localhost:8080",
        "https://shop.example/, https://shop.example",
        "http://[::1]:8080/, http://[::1]:8080",
    })
    void dropsSlashAtTheEnd(String configured, String origin) {
        assertThat(PublicUrl.origin(configured)).isEqualTo(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "shop.example",
                "shop.example:8080",
                "//shop.example",
                "ftp://shop.example",
                "https://shop.example/feira",
                "https://shop.example//",
                "https://shop.example?a",
                "https://shop.example#a",
                "https://user@shop.example",
                "https://shop example",
                "https://",
                "https://Shop.Example",
            })
    void rejectsWhatIsNoOriginAndNamesTheProperty(String configured) {
        assertThatThrownBy(() -> PublicUrl.origin(configured))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("feira.public-url", "FEIRA_PUBLIC_URL", "https://shop.example");
    }

    @Test
    void makesIssuerFromUrlWithoutSlash() {
        try (var service =
                SampleService.on(PostgresConfiguration.nowhere(), "--FEIRA_PUBLIC_URL=https://shop.example/")) {
            var settings = service.getBean(FeiraProperties.class);

            assertThat(settings.publicUrl()).hasToString("https://shop.example");
            assertThat(settings.identity().issuer()).isEqualTo("https://shop.example/id");
        }
    }
}
