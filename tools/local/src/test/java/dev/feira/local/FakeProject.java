package dev.feira.local;

import java.io.IOException;
import java.nio.file.Path;

/** {@link FakeService} for the tests of the other packages. */
public final class FakeProject {

    private FakeProject() {}

    public static Path create(Path folder) throws IOException {
        return FakeService.project(folder);
    }
}
