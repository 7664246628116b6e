package dev.feira.defaults.web;

import dev.feira.defaults.FeiraProperties;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.models.GroupedOpenApi;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.util.AntPathMatcher;

/**
 * Adds the bearer token and the problem response to the OpenAPI document of each service, and a second document for the
 * clients of the gateway.
 */
@AutoConfiguration
@ConditionalOnClass({GlobalOpenApiCustomizer.class, Components.class})
class OpenApiAutoConfiguration {

    @Bean
    GlobalOpenApiCustomizer problemsAndTokens() {
        return document -> {
            var components = document.getComponents() == null ? new Components() : document.getComponents();
            document.components(components
                    .addSchemas("Problem", problem())
                    .addSecuritySchemes(
                            "bearer",
                            new SecurityScheme()
                                    .type(SecurityScheme.Type.HTTP)
                                    .scheme("bearer")
                                    .bearerFormat("JWT")));
            var problemResponse = new ApiResponse()
                    .description("A problem; docs/problems.md lists the types")
                    .content(new Content()
                            .addMediaType(
                                    "application/problem+json",
                                    new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"))));
            if (document.getPaths() != null) {
                document.getPaths().values().stream()
                        .flatMap(path -> path.readOperations().stream())
                        .forEach(operation -> operation.getResponses().addApiResponse("default", problemResponse));
            }
        };
    }

    /**
     * Anchors the patterns: Bean Validation matches the whole text, JSON Schema any part of it.
     *
     * @see <a href="https://json-schema.org/draft/2020-12/json-schema-validation#name-pattern">JSON Schema, pattern</a>
     */
    @Bean
    GlobalOpenApiCustomizer anchoredPatterns() {
        return document -> {
            var seen = Collections.<Schema<?>>newSetFromMap(new IdentityHashMap<>());
            if (document.getComponents() != null && document.getComponents().getSchemas() != null) {
                document.getComponents().getSchemas().values().forEach(schema -> anchor(schema, seen));
            }
            if (document.getPaths() != null) {
                document.getPaths().values().stream()
                        .flatMap(path -> path.readOperations().stream())
                        .filter(operation -> operation.getParameters() != null)
                        .flatMap(operation -> operation.getParameters().stream())
                        .forEach(parameter -> anchor(parameter.getSchema(), seen));
            }
        };
    }

    /**
     * Serves {@code /openapi.json/public}: the operations below {@code feira.public-paths} with their paths at the
     * gateway. springdoc reads only these operations, so the schemas of internal ones are not part of it.
     */
    @Bean
    GroupedOpenApi publicOperations(FeiraProperties settings) {
        var prefixes = settings.publicPaths().stream()
                .collect(Collectors.toMap(
                        path -> path.substring(path.indexOf('/', 1)), path -> path.substring(0, path.indexOf('/', 1))));
        var matcher = new AntPathMatcher();
        return GroupedOpenApi.builder()
                .group("public")
                .pathsToMatch(
                        prefixes.isEmpty()
                                ? new String[] {"/none"}
                                : prefixes.keySet().toArray(String[]::new))
                .addOpenApiCustomizer(document -> {
                    var paths = new Paths();
                    document.getPaths()
                            .forEach((path, operations) -> prefixes.forEach((pattern, prefix) -> {
                                if (matcher.match(pattern, path)) {
                                    paths.addPathItem(prefix + path, operations);
                                }
                            }));
                    document.paths(paths)
                            .servers(List.of(
                                    new Server().url(settings.publicUrl().toString())));
                })
                .build();
    }

    private static void anchor(@Nullable Schema<?> schema, Set<Schema<?>> seen) {
        if (schema == null || !seen.add(schema)) {
            return;
        }
        var pattern = schema.getPattern();
        if (pattern != null && !pattern.startsWith("^")) {
            schema.setPattern("^(?:" + pattern + ")$");
        }
        anchor(schema.getItems(), seen);
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(property -> anchor(property, seen));
        }
    }

    private static Schema<?> problem() {
        return new ObjectSchema()
                .description("RFC 9457")
                .addProperty("type", new StringSchema().description("urn:feira:problem:…, stable"))
                .addProperty("title", new StringSchema())
                .addProperty("status", new IntegerSchema())
                .addProperty("detail", new StringSchema())
                .addProperty("instance", new StringSchema());
    }
}
