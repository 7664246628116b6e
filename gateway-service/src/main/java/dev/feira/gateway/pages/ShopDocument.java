package dev.feira.gateway.pages;

import dev.feira.defaults.FeiraProperties;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.util.DigestUtils;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.util.HtmlUtils;
import tools.jackson.databind.JsonNode;

/**
 * The one document of the shop, whose scripts show the page of its URL. The part of its head between two comments is about
 * that page: search engines and previews of links read it, and no script runs for them.
 *
 * @see <a href="https://ogp.me/">The Open Graph protocol</a>
 */
@Component
class ShopDocument {

    private static final String BEGIN = "<!-- page -->";
    private static final String END = "<!-- /page -->";
    private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

    private final URI publicUrl;
    private final String beforePage;
    private final String anyPage;
    private final String afterPage;

    ShopDocument(@Value("classpath:/static/index.html") Resource template, ShopAssets assets, FeiraProperties settings)
            throws IOException {
        var html = template.getContentAsString(StandardCharsets.UTF_8)
                .replace("\"" + ShopAssets.FOLDER, "\"" + assets.folder());
        var begin = html.indexOf(BEGIN);
        var end = html.indexOf(END);
        this.publicUrl = settings.publicUrl();
        this.beforePage = html.substring(0, begin);
        this.anyPage = html.substring(begin + BEGIN.length(), end);
        this.afterPage = html.substring(end + END.length());
    }

    /** Returns the document for a page about nothing in particular. */
    ServerResponse any() {
        return response(HttpStatus.OK, anyPage);
    }

    /** Returns the document with status 404; its scripts say what is missing. */
    ServerResponse notFound() {
        return response(HttpStatus.NOT_FOUND, anyPage);
    }

    /**
     * Returns the document for a product.
     *
     * @param product as catalog-service returns it
     */
    ServerResponse about(JsonNode product, ServerRequest request) {
        var locale = request.servletRequest().getLocale();
        var language = "pt".equals(locale == null ? null : locale.getLanguage()) ? "pt" : "en";
        var picture = product.path("picture").asString();
        return response(HttpStatus.OK, """

            <title>%1$s · Feira</title>
            <meta name="description" content="%2$s" />
            <link rel="canonical" href="%3$s" />
            <meta property="og:site_name" content="Feira" />
            <meta property="og:type" content="product" />
            <meta property="og:title" content="%1$s" />
            <meta property="og:description" content="%2$s" />
            <meta property="og:url" content="%3$s" />
            <meta property="og:image" content="%4$s" />
            <meta property="og:locale" content="%5$s" />
            <meta property="product:price:amount" content="%6$s" />
            <meta property="product:price:currency" content="%7$s" />
            <link rel="preload" as="image" href="%8$s" />
            """.indent(4).formatted(
                escaped(product.path("name").path(language).asString()),
                escaped(product.path("description").path(language).asString()),
                escaped(publicUrl.resolve(request.path()).toString()),
                escaped(publicUrl.resolve(picture).toString()),
                language.equals("pt") ? "pt_PT" : "en_IE",
                escaped(product.path("price").path("amount").asString()),
                escaped(product.path("price").path("currency").asString()),
                escaped(picture)));
    }

    private ServerResponse response(HttpStatus status, String page) {
        var html = beforePage + page.strip() + afterPage;
        var body = html.getBytes(StandardCharsets.UTF_8);
        return ServerResponse.status(status)
                .contentType(HTML)
                .cacheControl(CacheControl.noCache())
                .varyBy(HttpHeaders.ACCEPT_LANGUAGE)
                .eTag("W/\"%s\"".formatted(DigestUtils.md5DigestAsHex(body)))
                .body(body);
    }

    private static String escaped(String text) {
        return HtmlUtils.htmlEscape(text, StandardCharsets.UTF_8.name());
    }
}
