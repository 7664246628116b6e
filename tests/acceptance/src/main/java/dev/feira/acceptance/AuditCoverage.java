package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Checks that every test class of a module is an {@link AcceptanceTest}, so that each test ends with the audit. */
public final class AuditCoverage {

    private AuditCoverage() {}

    /**
     * Checks the package of {@code member} in the folder that it was loaded from.
     *
     * @param withoutPlatform test classes of that package that do not use a platform
     */
    public static void check(Class<?> member, Set<Class<?>> withoutPlatform) {
        try (var files = Files.list(folderOf(member))) {
            var tests = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith("Tests.class"))
                    .map(file -> load(member.getPackageName() + "." + file.replace(".class", "")))
                    .filter(test -> !withoutPlatform.contains(test))
                    .toList();
            assertThat(tests).isNotEmpty().allSatisfy(test -> assertThat(test).hasAnnotation(AcceptanceTest.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folderOf(Class<?> member) {
        var location = member.getProtectionDomain().getCodeSource().getLocation();
        return Path.of(URI.create(location.toString()))
                .resolve(member.getPackageName().replace('.', '/'));
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
