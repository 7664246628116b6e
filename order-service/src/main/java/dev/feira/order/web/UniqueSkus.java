package dev.feira.order.web;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Each product is in one line only. */
@Constraint(validatedBy = UniqueSkus.Validator.class)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@interface UniqueSkus {

    String message() default "must not name a product twice";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Ignores missing values, which other constraints report. */
    class Validator implements ConstraintValidator<UniqueSkus, List<LineRequest>> {

        @Override
        public boolean isValid(@Nullable List<LineRequest> lines, ConstraintValidatorContext context) {
            return lines == null
                    || lines.stream()
                            .filter(Objects::nonNull)
                            .map(LineRequest::sku)
                            .filter(Objects::nonNull)
                            .allMatch(new HashSet<>()::add);
        }
    }
}
