package dev.feira.defaults.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.defaults.Http;
import dev.feira.test.PostgresConfiguration;
import dev.feira.test.RawRequest;
import dev.feira.test.TestIdentity;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(PostgresConfiguration.class)
@ContextConfiguration(initializers = TestIdentity.class)
class QueryCharactersTests {

    @LocalServerPort
    int port;

    /** All characters that browsers send unencoded and RFC 3986 excludes from a query. */
    @Test
    void readsCharactersThatBrowsersSendUnencoded() throws IOException {
        assertThat(body("/notes/search?q=a|b[c]{d}^e\\f`g"))
                .isEqualTo("a|b[c]{d}^e\\f`g of q=a%7Cb%5Bc%5D%7Bd%7D%5Ee%5Cf%60g");
    }

    @Test
    void keepsTheRestOfTheQuery() throws IOException {
        assertThat(body("/notes/search?q=p%C3%A3o+%5B|%7C%26&x=1&x[]=2"))
                .isEqualTo("pão [||& of q=p%C3%A3o+%5B%7C%7C%26&x=1&x%5B%5D=2");
        assertThat(Http.get(port, "/notes/search?q=%7C").body()).isEqualTo("| of q=%7C");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/notes/[1]", "/notes/a|b", "/notes/search?q=a\"b", "/notes/search?q=<b>"})
    void rejectsOtherCharacters(String target) throws IOException {
        assertThat(response(target)).startsWith("HTTP/1.1 400 ");
    }

    private String body(String target) throws IOException {
        var response = response(target);
        assertThat(response).startsWith("HTTP/1.1 200 ");
        return response.substring(response.indexOf("\r\n\r\n") + 4);
    }

    private String response(String target) throws IOException {
        return RawRequest.get(port, target);
    }
}
