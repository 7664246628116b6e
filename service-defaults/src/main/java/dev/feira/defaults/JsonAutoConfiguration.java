package dev.feira.defaults;

import java.math.BigDecimal;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.type.LogicalType;

/** JSON is taken as it is meant: a number where a text or a name belongs is a mistake. */
@AutoConfiguration(before = JacksonAutoConfiguration.class)
@ConditionalOnClass(JsonMapperBuilderCustomizer.class)
class JsonAutoConfiguration {

    @Bean
    JsonMapperBuilderCustomizer noTextsFromNumbers() {
        return mapper -> {
            // Money and rates are texts on the wire, "3.20": no binary fraction on the way
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
}
