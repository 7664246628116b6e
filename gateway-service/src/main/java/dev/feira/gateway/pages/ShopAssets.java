package dev.feira.gateway.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;
import org.springframework.util.DigestUtils;

/**
 * The version of storefront's files: a hash of their content, which is part of their URLs, so that browsers keep them without
 * asking again. All files have the same version, because modules import each other by relative URLs.
 */
@Component
class ShopAssets {

    /** URLs of files that may change. */
    static final String FOLDER = "/assets/";

    private static final String FILES = "classpath:/static/assets/**/*.*";
    private static final int DIGITS = 16;

    private final String version;

    ShopAssets() {
        this.version = version();
    }

    /** Returns the first part of the URLs of the current files. */
    String folder() {
        return FOLDER + version + "/";
    }

    private static String version() {
        try {
            var files = new PathMatchingResourcePatternResolver().getResources(FILES);
            Arrays.sort(files, Comparator.comparing(ShopAssets::path));
            var digests = new StringBuilder();
            for (var file : files) {
                digests.append(file.getFilename()).append(DigestUtils.md5DigestAsHex(file.getContentAsByteArray()));
            }
            return DigestUtils.md5DigestAsHex(digests.toString().getBytes(StandardCharsets.UTF_8))
                    .substring(0, DIGITS);
        } catch (IOException e) {
            throw new UncheckedIOException("a file of the pages could not be read", e);
        }
    }

    private static String path(Resource file) {
        try {
            return file.getURL().toString();
        } catch (IOException e) {
            throw new UncheckedIOException("a file of the pages has no URL", e);
        }
    }
}
