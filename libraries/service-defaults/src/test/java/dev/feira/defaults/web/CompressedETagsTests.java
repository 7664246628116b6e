package dev.feira.defaults.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.defaults.Http;
import dev.feira.test.PostgresConfiguration;
import dev.feira.test.TestIdentity;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(PostgresConfiguration.class)
@ContextConfiguration(initializers = TestIdentity.class)
class CompressedETagsTests {

    @LocalServerPort
    int port;

    @ParameterizedTest
    @ValueSource(
            strings = {"\"7\"", "W/\"7\"", "\"7-gzip\"", "W/\"7-gzip\"", "\"7-br\"", "\"7;gzip\"", "\"1\", \"7-gzip\""})
    void returns304ForAnETagThatAProxyChanged(String tag) {
        assertThat(Http.get(port, "/notes/tagged", "If-None-Match", tag).statusCode())
                .isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"8-gzip\"", "\"7-gzip-gzip\"", "\"-gzip\"", "7-gzip", "\"7-zip\""})
    void returns200ForAnotherETag(String tag) {
        assertThat(Http.get(port, "/notes/tagged", "If-None-Match", tag).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "'\"7-gzip\"', '\"7\"'",
                "'\"7-gzip\", W/\"8-br\"', '\"7\", W/\"8\"'",
                "'\"7\"', '\"7\"'",
                "*, *",
            })
    void removesTheSuffixFromIfMatch(String sent, String read) {
        assertThat(Http.get(port, "/notes/tagged", "If-Match", sent).body()).isEqualTo(read);
    }
}
