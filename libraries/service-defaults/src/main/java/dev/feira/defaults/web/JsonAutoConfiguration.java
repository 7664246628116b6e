package dev.feira.defaults.web;

import java.math.BigDecimal;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/**
 * Configures a strict JSON parser: rejects numbers for strings or enum constants, and unpaired surrogates.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7493#section-2.1">RFC 7493 (I-JSON), 2.1: no surrogates</a>
 */
@AutoConfiguration(before = JacksonAutoConfiguration.class)
@ConditionalOnClass(JsonMapperBuilderCustomizer.class)
class JsonAutoConfiguration {

    @Bean
    JsonMapperBuilderCustomizer rejectNumbersForStrings() {
        return mapper -> {
            // money and rates are JSON strings ("3.20"), which no client converts to a binary fraction
            mapper.withCoercionConfig(
                    BigDecimal.class,
                    coercion -> coercion.setCoercion(CoercionInputShape.String, CoercionAction.TryConvert));
            for (var type : new LogicalType[] {LogicalType.Textual, LogicalType.Enum}) {
                mapper.withCoercionConfig(
                        type,
                        coercion -> coercion.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
            }
        };
    }

    @Bean
    JsonMapperBuilderCustomizer rejectUnpairedSurrogates() {
        return mapper -> mapper.addModule(new SimpleModule().addDeserializer(String.class, new SurrogateCheck()));
    }

    /** Rejects an unpaired surrogate: UTF-8 cannot encode it and PostgreSQL cannot store it. */
    private static final class SurrogateCheck extends StringDeserializer {

        @Override
        public String deserialize(JsonParser json, DeserializationContext context) {
            var text = super.deserialize(json, context);
            if (text != null && text.codePoints().anyMatch(point -> Character.getType(point) == Character.SURROGATE)) {
                throw context.weirdStringException("", String.class, "an unpaired surrogate");
            }
            return text;
        }
    }
}
