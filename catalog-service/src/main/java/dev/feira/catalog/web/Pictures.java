package dev.feira.catalog.web;

import dev.feira.defaults.FeiraProperties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/** Converts between file names and URLs of pictures. */
@Component
class Pictures {

    static final String FOLDER = "pictures/";

    private static final Pattern FILE = Pattern.compile("[a-z0-9][a-z0-9_-]{0,80}\\.(?:webp|avif|png|jpg|svg)");

    private final String path;

    Pictures(FeiraProperties settings) {
        this.path = settings.apiPrefix() + "/pictures/";
    }

    /** Returns the URL of a picture. */
    String url(String file) {
        return path + file;
    }

    /** Returns the file name of a picture given by its name or URL, or null if it does not exist. */
    @Nullable String file(String nameOrUrl) {
        var name = nameOrUrl.startsWith(path) ? nameOrUrl.substring(path.length()) : nameOrUrl;
        return FILE.matcher(name).matches() && new ClassPathResource(FOLDER + name).exists() ? name : null;
    }
}
