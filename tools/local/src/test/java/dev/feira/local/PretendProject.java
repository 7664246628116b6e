package dev.feira.local;

import java.io.IOException;
import java.nio.file.Path;

/** {@link PretendService} for the tests of the other packages. */
public final class PretendProject {

    private PretendProject() {}

    public static Path create(Path folder) throws IOException {
        return PretendService.project(folder);
    }
}
