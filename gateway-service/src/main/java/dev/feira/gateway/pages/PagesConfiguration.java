package dev.feira.gateway.pages;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.util.DigestUtils;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.FlashMap;
import org.springframework.web.servlet.FlashMapManager;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.function.RequestPredicate;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.servlet.resource.PathResourceResolver;

/**
 * The web pages: those of storefront, libraries from WebJars, and the API's documentation. Files with a version in their URL
 * are kept for a year. Others are checked against their ETag at each use, so that a new version is seen at once and an old one
 * costs no bytes. The ETag is a hash of the content: files in a reproducible jar all have the same date.
 */
@Configuration(proxyBeanMethods = false)
class PagesConfiguration implements WebMvcConfigurer {

    private static final RequestPredicate GET_OR_HEAD = RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD);

    private static final String UUID = "{id:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}}";

    private static final List<String> PAGES = List.of(
            "/",
            "/index.html",
            "/browse",
            "/cart",
            "/checkout",
            "/orders",
            "/orders/" + UUID,
            "/orders/" + UUID + "/explanation",
            "/account",
            "/sign-in",
            "/sign-up",
            "/staff/orders",
            "/staff/mail",
            "/staff/platform");

    private static final String SWAGGER_UI = "META-INF/maven/org.webjars/swagger-ui/pom.properties";

    private final ShopAssets assets;
    private final Map<String, String> etags = new ConcurrentHashMap<>();

    PagesConfiguration(ShopAssets assets) {
        this.assets = assets;
    }

    /** The pages of storefront's {@code routes.js}, but for products, which are a route to catalog-service. */
    @Bean
    RouterFunction<ServerResponse> shopPages(ShopDocument document) {
        var pages = RouterFunctions.route();
        for (var page : PAGES) {
            pages.route(GET_OR_HEAD.and(RequestPredicates.path(page)), _ -> document.any());
        }
        return pages.build();
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        var checked = CacheControl.noCache();
        var kept = CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();
        registry.addResourceHandler("/api-docs/swagger-ui/**")
                .addResourceLocations("classpath:/META-INF/resources/webjars/swagger-ui/" + swaggerUiVersion() + "/")
                .setCacheControl(checked)
                .setUseLastModified(false)
                .setEtagGenerator(this::etag);
        registry.addResourceHandler("/webjars/**") // the version is in the path
                .addResourceLocations("classpath:/META-INF/resources/webjars/")
                .setCacheControl(kept)
                .setUseLastModified(false)
                .setEtagGenerator(this::etag);
        // For pages of another version, during a rollout: the current files, which browsers must not keep
        registry.addResourceHandler(ShopAssets.FOLDER + "{version:[0-9a-f]{16}}/**")
                .addResourceLocations("classpath:/static/assets/")
                .setCacheControl(checked)
                .setUseLastModified(false)
                .setEtagGenerator(this::etag)
                .resourceChain(false)
                .addResolver(new OtherVersion());
        registry.addResourceHandler(assets.folder() + "**")
                .addResourceLocations("classpath:/static/assets/")
                .setCacheControl(kept)
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

    /** Finds the current file of a URL with the version of other files. */
    private static final class OtherVersion extends PathResourceResolver {

        @Override
        protected @Nullable Resource getResource(String path, Resource location) throws IOException {
            return super.getResource(path.substring(path.indexOf('/') + 1), location);
        }
    }
}
