package dev.feira.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feira.local.Service;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTests {

    private final Progress progress = new Progress(new PrintWriter(new StringWriter()));

    @TempDir
    private Path temporary;

    private Path checkout;

    @BeforeEach
    void build() throws IOException {
        checkout = temporary.resolve("checkout");
        for (var service : Service.values()) {
            write(checkout.resolve("%s/target/%s-1.jar".formatted(service.module(), service.module())));
        }
        write(checkout.resolve("feira"));
        write(checkout.resolve("pom.xml"));
        write(checkout.resolve(".feira/postgres/PG_VERSION"));
    }

    @Test
    void linksACheckoutOfAnEarlierLayout() throws IOException, InterruptedException {
        write(checkout.resolve("local/target/local-1.jar"));

        var workspace = Workspace.link(checkout, temporary.resolve("workspace"), false, progress);

        assertThat(workspace.folder().resolve("local/target/local-1.jar")).exists();
        assertThat(workspace.folder().resolve("local")).isSymbolicLink();
        assertThat(workspace.folder().resolve("feira"))
                .isRegularFile()
                .satisfies(file -> assertThat(file.toRealPath())
                        .isEqualTo(file.toAbsolutePath().toRealPath()));
    }

    @Test
    void deletesDataOfTheWorkspaceButNotOfTheCheckout() throws IOException, InterruptedException {
        var workspace = Workspace.link(checkout, temporary.resolve("workspace"), false, progress);
        write(workspace.data().resolve("postgres/PG_VERSION"));

        Workspace.link(checkout, workspace.folder(), false, progress);

        assertThat(workspace.data().resolve("postgres")).doesNotExist();
        assertThat(checkout.resolve(".feira/postgres/PG_VERSION")).exists();
        assertThat(checkout.resolve("pom.xml")).exists();
    }

    @Test
    void keepsStartUpCachesOnRequest() throws IOException, InterruptedException {
        var workspace = Workspace.link(checkout, temporary.resolve("workspace"), false, progress);
        var cache = write(workspace.data().resolve("cache/app.aot"));

        Workspace.link(checkout, workspace.folder(), true, progress);

        assertThat(cache).exists();
    }

    @Test
    void failsWhenAServiceIsNotBuilt() throws IOException {
        Files.delete(checkout.resolve("order-service/target/order-service-1.jar"));

        assertThatThrownBy(() -> Workspace.link(checkout, temporary.resolve("workspace"), false, progress))
                .isInstanceOf(MeasurementFailed.class)
                .hasMessageContaining("order-service");
    }

    private static Path write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "content");
    }
}
