package dev.feira.catalog.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.util.DigestUtils;
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
            return '"' + DigestUtils.md5DigestAsHex(picture.getContentAsByteArray()) + '"';
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
