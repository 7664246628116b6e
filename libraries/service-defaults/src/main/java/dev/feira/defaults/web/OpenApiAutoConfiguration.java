package dev.feira.defaults.web;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** What every service's OpenAPI document says alike: the bearer token, and that each operation may answer with a problem. */
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
            var refusal = new ApiResponse()
                    .description("A problem: its type says which, see docs/problems.md")
                    .content(new Content()
                            .addMediaType(
                                    "application/problem+json",
                                    new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"))));
            if (document.getPaths() != null) {
                document.getPaths().values().stream()
                        .flatMap(path -> path.readOperations().stream())
                        .forEach(operation -> operation.getResponses().addApiResponse("default", refusal));
            }
        };
    }

    /**
     * Bean Validation, where the patterns come from, asks for the whole text; JSON Schema looks for a pattern anywhere in it.
     *
     * @see <a href="https://json-schema.org/draft/2020-12/json-schema-validation#name-pattern">JSON Schema, pattern</a>
     */
    @Bean
    GlobalOpenApiCustomizer wholePatterns() {
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
