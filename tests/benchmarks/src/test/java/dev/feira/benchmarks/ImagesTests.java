package dev.feira.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagesTests {

    @Test
    void sumsConfigurationAndLayersOfAManifest() {
        assertThat(new Images().sizeOf("""
                {"schemaVersion":2,"config":{"digest":"sha256:c","size":7},
                 "layers":[{"digest":"sha256:a","size":1000000},{"digest":"sha256:b","size":30}]}
                """)).isEqualTo(1_000_037);
    }

    @Test
    void compressesLayersThatAreNotCompressedYet() throws IOException {
        var plain = new byte[100_000];
        new Random(7).nextBytes(plain);
        var compressed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(compressed)) {
            gzip.write(plain);
        }
        var archive = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(archive)) {
            add(tar, "blobs/plain", plain);
            add(tar, "blobs/compressed", compressed.toByteArray());
            var link = new TarArchiveEntry("layer.tar", TarArchiveEntry.LF_SYMLINK);
            link.setLinkName("blobs/plain");
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
        }

        assertThat(Images.compressed(new ByteArrayInputStream(archive.toByteArray())))
                .isCloseTo(2L * compressed.size(), withinPercentage(1)); // what is written at a time changes some bytes
    }

    @Test
    void returnsNoSizeForAnImageThatWasNotBuilt(@TempDir Path module) throws IOException, InterruptedException {
        assertThat(new Images().of(module)).isEmpty();
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
