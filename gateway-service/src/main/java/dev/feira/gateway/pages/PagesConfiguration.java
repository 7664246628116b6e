package dev.feira.gateway.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.util.DigestUtils;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.FlashMap;
import org.springframework.web.servlet.FlashMapManager;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The web pages: those of storefront, libraries from WebJars, and the API's documentation. A page is checked against
 * its ETag at each use, so that a new version is seen at once and an old one costs no bytes. The ETag is a hash of the
 * content: files in a reproducible jar all have the same date.
 */
@Configuration(proxyBeanMethods = false)
class PagesConfiguration implements WebMvcConfigurer {

    private static final String SWAGGER_UI = "META-INF/maven/org.webjars/swagger-ui/pom.properties";

    private final Map<String, String> etags = new ConcurrentHashMap<>();

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        var checked = CacheControl.noCache();
        registry.addResourceHandler("/api-docs/swagger-ui/**")
                .addResourceLocations("classpath:/META-INF/resources/webjars/swagger-ui/" + swaggerUiVersion() + "/")
                .setCacheControl(checked)
                .setUseLastModified(false)
                .setEtagGenerator(this::etag);
        registry.addResourceHandler("/webjars/**") // the version is in the path
                .addResourceLocations("classpath:/META-INF/resources/webjars/")
                .setCacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable())
                .setUseLastModified(false)
                .setEtagGenerator(this::etag);
        registry.addResourceHandler("/**")
                .addResourceLocations("classpath:/static/")
                .setCacheControl(checked)
                .setUseLastModified(false)
                .setEtagGenerator(this::etag);
    }

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addViewController("/").setViewName("forward:/index.html");
        registry.addViewController("/api-docs").setViewName("forward:/api-docs/index.html");
    }

    /** There are no redirects with attributes here; looking for some would read the session for each picture. */
    @Bean(DispatcherServlet.FLASH_MAP_MANAGER_BEAN_NAME)
    FlashMapManager noFlashMaps() {
        return new FlashMapManager() {
            @Override
            public @Nullable FlashMap retrieveAndUpdate(HttpServletRequest request, HttpServletResponse response) {
                return null;
            }

            @Override
            public void saveOutputFlashMap(
                    FlashMap attributes, HttpServletRequest request, HttpServletResponse response) {}
        };
    }

    private String etag(Resource resource) {
        try {
            // weak, so that a compressed page can have it
            return etags.computeIfAbsent(resource.getURL().toString(), _ -> digest(resource));
        } catch (IOException e) {
            throw new UncheckedIOException("a page could not be read", e);
        }
    }

    private static String digest(Resource resource) {
        try (var content = resource.getInputStream()) {
            return "W/\"" + DigestUtils.md5DigestAsHex(content) + "\"";
        } catch (IOException e) {
            throw new UncheckedIOException("a page could not be read", e);
        }
    }

    private static String swaggerUiVersion() {
        var properties = new Properties();
        try (var file = new ClassPathResource(SWAGGER_UI).getInputStream()) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the jar of Swagger UI is missing", e);
        }
        return properties.getProperty("version");
    }
}
