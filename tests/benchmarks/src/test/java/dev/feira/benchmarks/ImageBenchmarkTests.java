package dev.feira.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageBenchmarkTests {

    @Test
    void sumsConfigurationAndLayersOfAManifest() {
        assertThat(ImageBenchmark.sizeOf("""
                {"schemaVersion":2,"config":{"digest":"sha256:c","size":7},
                 "layers":[{"digest":"sha256:a","size":1000000},{"digest":"sha256:b","size":30}]}
                """)).isEqualTo(1_000_037);
    }

    @Test
    void compressesTheOutputOfACommand() throws IOException, InterruptedException {
        var command = new ProcessBuilder("sh", "-c", "yes | head -c 1000000");

        assertThat(ImageBenchmark.compressed(command).orElseThrow()).isBetween(100L, 10_000L);
    }

    @Test
    void returnsNoSizeWhenTheCommandFails() throws IOException, InterruptedException {
        assertThat(ImageBenchmark.compressed(new ProcessBuilder("false"))).isEmpty();
    }

    @Test
    void returnsNoSizeForAnImageThatWasNotBuilt(@TempDir Path module) throws IOException, InterruptedException {
        assertThat(ImageBenchmark.size(module)).isEmpty();
    }
}
