package dev.feira.catalog.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Serves the pictures. Caches store them for 30 days and revalidate them by a hash of the content, because all files in the jar
 * have the date of the build.
 */
@Configuration(proxyBeanMethods = false)
class PictureConfiguration implements WebMvcConfigurer {

    private static final Duration MAX_AGE = Duration.ofDays(30);

    private final Map<String, String> hashes = new ConcurrentHashMap<>();

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/pictures/*")
                .addResourceLocations("classpath:/" + Pictures.FOLDER)
                .setCacheControl(CacheControl.maxAge(MAX_AGE).cachePublic().staleWhileRevalidate(Duration.ofDays(1)))
                .setUseLastModified(false)
                .setEtagGenerator(picture ->
                        hashes.computeIfAbsent(String.valueOf(picture.getFilename()), name -> hash(picture)));
    }

    private static String hash(Resource picture) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(picture.getContentAsByteArray());
            return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is not available", e);
        }
    }
}
