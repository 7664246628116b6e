package dev.feira.user.web;

import dev.feira.defaults.text.UnicodeSpaces;
import dev.feira.user.domain.EmailAddress;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.constraints.Email;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/** Requires an e-mail address with at least two labels in its domain, which may be international. Accepts null. */
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ValidEmailAddress.Validator.class)
@ReportAsSingleViolation
@Email(regexp = ValidEmailAddress.FORM) @interface ValidEmailAddress {

    /** Without spaces and control characters; the last dot may be one of East Asia. */
    String FORM = "[^@\\s\\x00-\\x1F\\x7F-\\x9F]+@[^@\\s\\x00-\\x1F\\x7F-\\x9F]+[.\\u3002\\uff0e\\uff61]"
            + "[^@\\s\\x00-\\x1F\\x7F-\\x9F]+";

    String message() default
            "must be an e-mail address with a valid domain, such as ana@feira.example or ana@bücher.example";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Checks the domain, and rejects invisible characters: such an address looks like another one. */
    class Validator implements ConstraintValidator<ValidEmailAddress, String> {

        @Override
        public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
            return text == null
                    || !UnicodeSpaces.areIn(text) && EmailAddress.parse(text).isPresent();
        }
    }
}
