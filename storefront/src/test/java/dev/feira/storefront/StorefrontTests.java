package dev.feira.storefront;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Finds missing texts, broken URLs and inline code in the pages, without a browser. */
class StorefrontTests {

    private static final Path STATIC = Path.of("target/classes/static");
    private static final Path ASSETS = STATIC.resolve("assets");
    private static final Path MODULES = ASSETS.resolve("modules");

    private static final Pattern IMPORT = Pattern.compile("(?:from|import)\\s*\\(?\\s*'([^'`$]+)'");
    private static final Pattern NAMED_TEXT = Pattern.compile("\\bt\\(\\s*'([^']+)'");
    private static final Pattern CHOSEN_TEXT = Pattern.compile("\\bt\\([^?()']+\\? '([^']+)' : '([^']+)'");
    private static final Pattern COMPOSED_TEXT = Pattern.compile("\\bt\\(\\s*`([a-z.-]+)\\$\\{[^}]+\\}([a-z.-]*)`");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");
    private static final Pattern ADDRESS = Pattern.compile("(?:href|src)=\"(/[^\"]+)\"");
    private static final Pattern DRAWING = Pattern.compile("(?:drawing\\(|picture: )'([a-z-]+)'");
    private static final Pattern INLINE = Pattern.compile(
            "<style|\\sstyle=|\\son[a-z]+=|javascript:|<script(?![^>]*\\ssrc=)[^>]*>", Pattern.CASE_INSENSITIVE);

    @Test
    void hasTheSameTextsInBothLanguages() {
        assertThat(texts("pt").keySet()).isEqualTo(texts("en").keySet());
    }

    @Test
    void usesTheSameParametersInBothLanguages() {
        var portuguese = texts("pt");
        assertThat(texts("en"))
                .allSatisfy((name, text) ->
                        assertThat(parameters(portuguese.get(name))).as(name).isEqualTo(parameters(text)));
    }

    @Test
    void definesEachTextThatAPageUses() {
        var names = texts("en").keySet();
        for (var module : modules()) {
            var source = read(module);
            assertThat(Stream.of(NAMED_TEXT, CHOSEN_TEXT).flatMap(pattern -> groups(pattern, source)))
                    .as("texts named in %s", module)
                    .isSubsetOf(names);
            for (var composed : COMPOSED_TEXT.matcher(source).results().toList()) {
                assertThat(names)
                        .as("texts like %s in %s", composed.group(), module)
                        .anyMatch(name -> name.startsWith(composed.group(1)) && name.endsWith(composed.group(2)));
            }
        }
    }

    @Test
    void resolvesEachImport() {
        for (var module : modules()) {
            assertThat(groups(IMPORT, read(module))
                            .map(address -> address.startsWith("/")
                                    ? STATIC.resolve(address.substring(1))
                                    : module.resolveSibling(address)))
                    .as("imports of %s", module)
                    .allSatisfy(imported -> assertThat(imported).isRegularFile());
        }
    }

    @Test
    void resolvesEachUrlOfThePage() {
        assertThat(groups(ADDRESS, read(STATIC.resolve("index.html"))))
                .isNotEmpty()
                .allSatisfy(address ->
                        assertThat(STATIC.resolve(address.substring(1))).isRegularFile());
    }

    @Test
    void containsEachPictureOfThePages() {
        for (var module : modules()) {
            assertThat(groups(DRAWING, read(module)))
                    .as("pictures of %s", module)
                    .allSatisfy(name -> assertThat(ASSETS.resolve("pictures/" + name + ".webp"))
                            .isRegularFile());
        }
    }

    /** The gateway's Content-Security-Policy permits scripts and styles from its own files only. */
    @Test
    void hasNoInlineCode() {
        assertThat(read(STATIC.resolve("index.html"))).doesNotContainPattern(INLINE);
        assertThat(modules()).allSatisfy(module -> assertThat(read(module)).doesNotContainPattern(INLINE));
    }

    @Test
    void includesTheLicenceOfLibraries() {
        assertThat(ASSETS.resolve("vendor/lit-html/lit-html.js")).isRegularFile();
        assertThat(ASSETS.resolve("vendor/lit-html/LICENSE")).content().contains("BSD 3-Clause");
    }

    private static Map<String, Object> texts(String language) {
        return JsonPath.parse(read(ASSETS.resolve("i18n/" + language + ".json")))
                .json();
    }

    private static Set<String> parameters(Object text) {
        // A text that depends on a count may omit the count in one of its forms: "one loaf"
        return groups(PLACEHOLDER, String.valueOf(text)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> groups(Pattern pattern, String source) {
        return pattern.matcher(source).results().flatMap(StorefrontTests::groups);
    }

    private static Stream<String> groups(MatchResult match) {
        return Stream.iterate(1, group -> group <= match.groupCount(), group -> group + 1)
                .map(match::group);
    }

    private static List<Path> modules() {
        try (var files = Files.walk(MODULES)) {
            return files.filter(file -> file.toString().endsWith(".js")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
