package dev.feira.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTests {

    @TempDir
    Path home;

    @Test
    void generatesEverySecretInFilesReadableOnlyByTheirOwner() throws IOException {
        for (var generated : Secrets.generateMissing(home)) {
            assertThat(generated.existed()).isFalse();
            assertThat(generated.added()).isEqualTo(Secrets.NAMES.size());
            assertThat(Secrets.read(generated.file())).containsOnlyKeys(Secrets.NAMES);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(generated.file())))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void changesNothingWhenAllSecretsExist() throws IOException {
        Secrets.generateMissing(home);
        var before = Files.readString(home.resolve(Secrets.COMPOSE));

        assertThat(Secrets.generateMissing(home)).allMatch(generated -> generated.added() == 0);

        assertThat(Files.readString(home.resolve(Secrets.COMPOSE))).isEqualTo(before);
    }

    @Test
    void addsMissingSecretsToExistingFile() throws IOException {
        Files.writeString(home.resolve(".env"), "# mine\nCOMPOSE_PROFILES=x\nPOSTGRES_PASSWORD=chosen by me\n");

        Secrets.generateMissing(home);

        assertThat(home.resolve(".env"))
                .content()
                .startsWith("# mine\nCOMPOSE_PROFILES=x\nPOSTGRES_PASSWORD=chosen by me\n");
        assertThat(Secrets.read(home.resolve(".env")))
                .containsAllEntriesOf(java.util.Map.of("POSTGRES_PASSWORD", "chosen by me"))
                .containsKeys(Secrets.NAMES.toArray(String[]::new));
    }

    @Test
    void sharesOnlyTheDemoPasswordBetweenEnvironments() {
        Secrets.generateMissing(home);
        var embedded = Secrets.read(home.resolve(Secrets.EMBEDDED));
        var compose = Secrets.read(home.resolve(Secrets.COMPOSE));

        for (var name : Secrets.NAMES) {
            if (name.equals(Secrets.DEMO_PASSWORD)) {
                assertThat(compose.get(name)).isEqualTo(embedded.get(name));
            } else {
                assertThat(compose.get(name)).isNotEqualTo(embedded.get(name));
            }
        }
        assertThat(Secrets.demoPassword(home)).contains(embedded.get(Secrets.DEMO_PASSWORD));
    }

    @Test
    void generatesLongSecretsAndEncryptionKeyOf32Bytes() {
        var secrets = Secrets.random();

        assertThat(Secrets.NAMES)
                .allSatisfy(name -> assertThat(secrets.get(name)).hasSizeGreaterThanOrEqualTo(20));
        assertThat(Base64.getDecoder().decode(secrets.get("FEIRA_KEY_ENCRYPTION_SECRET")))
                .hasSize(32);
    }

    @Test
    void removesQuotesAroundValues() throws IOException {
        Files.writeString(home.resolve(".env"), "A=\"one\"\nB='two'\nC=three=3\n#D=four\n\n");

        assertThat(Secrets.read(home.resolve(".env")))
                .containsExactly(
                        java.util.Map.entry("A", "one"),
                        java.util.Map.entry("B", "two"),
                        java.util.Map.entry("C", "three=3"));
    }
}
