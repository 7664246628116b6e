package dev.feira.gateway.filters;

import dev.feira.defaults.FeiraProperties;
import dev.feira.gateway.problem.GatewayProblem;
import dev.feira.gateway.problem.ProblemException;
import dev.feira.gateway.routing.ServiceResponses;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.gateway.server.mvc.config.GatewayMvcProperties;
import org.springframework.cloud.gateway.server.mvc.config.PredicateProperties;
import org.springframework.cloud.gateway.server.mvc.config.RouteProperties;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns a service's OpenAPI document into the one of the public API. It removes operations without a route and the
 * schemas that only those use. It writes the paths and the server address that a client uses.
 */
@Component
class PublicOperations {

    private static final String SCHEMAS = "#/components/schemas/";

    private final ObjectProvider<GatewayMvcProperties> routes;
    private final JsonMapper json;
    private final URI publicUrl;

    PublicOperations(ObjectProvider<GatewayMvcProperties> routes, JsonMapper json, FeiraProperties settings) {
        this.routes = routes;
        this.json = json;
        this.publicUrl = settings.publicUrl();
    }

    ServerResponse filter(String service, ServerRequest request, HandlerFunction<ServerResponse> next)
            throws Exception {
        var response = next.handle(request);
        if (response.statusCode().value() != 200 || request.method() == HttpMethod.HEAD) {
            return response;
        }
        var document = ServiceResponses.completeBody(request).flatMap(body -> publicDocument(service, body));
        if (document.isEmpty()) {
            ServiceResponses.close(request);
            throw new ProblemException(GatewayProblem.unavailable(
                    "The description of the API is unavailable. Retry after 2 seconds.", Duration.ofSeconds(2)));
        }
        response.headers().remove(HttpHeaders.ETAG);
        ServiceResponses.replaceBody(request, response, document.get());
        return response;
    }

    /** Returns the public document, or empty if {@code document} is not an OpenAPI document. */
    private Optional<byte[]> publicDocument(String service, byte[] document) {
        try {
            if (!(json.readTree(document) instanceof ObjectNode openApi
                    && openApi.get("paths") instanceof ObjectNode paths)) {
                return Optional.empty();
            }
            var isPublic = publicPaths(service);
            var kept = json.createObjectNode();
            paths.properties()
                    .forEach(path -> prefixes(service)
                            .map(prefix -> prefix + path.getKey())
                            .filter(isPublic)
                            .findFirst()
                            .ifPresent(found -> kept.set(found, path.getValue())));
            openApi.set("paths", kept);
            removeUnusedSchemas(openApi);
            openApi.set(
                    "servers",
                    json.createArrayNode().add(json.createObjectNode().put("url", publicUrl.toString())));
            return Optional.of(json.writeValueAsBytes(openApi));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** Removes the schemas that only internal operations use: they would tell how the services work inside. */
    private static void removeUnusedSchemas(ObjectNode openApi) {
        if (!(openApi.path("components").path("schemas") instanceof ObjectNode schemas)) {
            return;
        }
        var named = new HashSet<String>();
        var unread = new ArrayDeque<JsonNode>();
        openApi.properties().stream()
                .filter(part -> !part.getKey().equals("components"))
                .forEach(part -> unread.add(part.getValue()));
        openApi.path("components").properties().stream()
                .filter(part -> !part.getKey().equals("schemas"))
                .forEach(part -> unread.add(part.getValue()));
        for (JsonNode part; (part = unread.poll()) != null; ) {
            for (var reference : part.findValuesAsString("$ref")) {
                var name = reference.startsWith(SCHEMAS) ? reference.substring(SCHEMAS.length()) : "";
                if (schemas.has(name) && named.add(name)) {
                    unread.add(schemas.get(name));
                }
            }
        }
        schemas.retain(named);
    }

    /** Returns the public prefixes of a service's paths; user-service also has pages below its own. */
    private static Stream<String> prefixes(String service) {
        return service.equals("user-service") ? Stream.of("/api", "/id") : Stream.of("/api");
    }

    private Predicate<String> publicPaths(String service) {
        List<PathPattern> patterns = Stream.of(routes.getIfAvailable())
                .filter(Objects::nonNull)
                .flatMap(all -> all.getRoutes().stream())
                .filter(route ->
                        route.getUri() != null && service.equals(route.getUri().getHost()))
                .map(RouteProperties::getPredicates)
                .flatMap(List::stream)
                .filter(predicate -> "Path".equals(predicate.getName()))
                .map(PredicateProperties::getArgs)
                .map(Map::values)
                .flatMap(values -> values.stream().map(String::valueOf))
                .map(PathPatternParser.defaultInstance::parse)
                .toList();
        return path -> {
            var example = PathContainer.parsePath(path.replaceAll("\\{[^}/]*}", "x"));
            return patterns.stream().anyMatch(pattern -> pattern.matches(example));
        };
    }
}
