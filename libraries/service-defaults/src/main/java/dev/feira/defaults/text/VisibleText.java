package dev.feira.defaults.text;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/**
 * Requires plain text with at least one visible character, such as the name of a person. {@code @NotBlank} accepts Unicode
 * spaces and invisible characters. Accepts null.
 *
 * @see UnicodeSpaces#isBlank(String)
 */
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.METHOD, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = VisibleText.Validator.class)
@PlainText
public @interface VisibleText {

    String message() default "must have at least one visible character";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Reads the text once: a validator also gets texts that exceed their maximum length. */
    class Validator implements ConstraintValidator<VisibleText, String> {

        @Override
        public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
            return text == null || !UnicodeSpaces.isBlank(text);
        }
    }
}
