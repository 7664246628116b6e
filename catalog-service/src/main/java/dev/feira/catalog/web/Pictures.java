package dev.feira.catalog.web;

import dev.feira.defaults.FeiraProperties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/** The names of pictures: files inside, addresses outside. */
@Component
class Pictures {

    static final String FOLDER = "pictures/";

    private static final Pattern FILE = Pattern.compile("[a-z0-9][a-z0-9_-]{0,80}\\.(?:webp|avif|png|jpg|svg)");

    private final String path;

    Pictures(FeiraProperties settings) {
        this.path = settings.apiPrefix() + "/pictures/";
    }

    /** Returns the address that clients see. */
    String address(String file) {
        return path + file;
    }

    /** Returns the file of a picture given by its name or by its address, or null where there is no such picture. */
    @Nullable String file(String nameOrAddress) {
        var name = nameOrAddress.startsWith(path) ? nameOrAddress.substring(path.length()) : nameOrAddress;
        return FILE.matcher(name).matches() && new ClassPathResource(FOLDER + name).exists() ? name : null;
    }
}
