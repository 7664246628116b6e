package dev.feira.user.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.user.domain.PasswordRules.Violation;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordRulesTests {

    private static Optional<Violation> violation(String password) {
        return PasswordRules.violation(password, "maria.silva@feira.example", "Maria Silva");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"seven ripe figs", "árvore de natal", "xK3#9fQz!p", "figosfigosfigos", "🍓🍇🍈🍉🍊🍋🍌🍍🥭🍎"})
    void acceptsLongPassword(String password) {
        assertThat(violation(password)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nine char", "🍓🍇🍈🍉🍊🍋🍌🍍🥭"})
    void rejectsPasswordUnderTheMinimumLength(String password) {
        assertThat(violation(password)).contains(Violation.TOO_SHORT);
    }

    @Test
    void rejectsPasswordOverTheMaximumLength() {
        assertThat(violation("abcde".repeat(41))).contains(Violation.TOO_LONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"maria.silva@feira.example", "MARIA.SILVA1", "Maria Silva 1985!"})
    void rejectsPasswordDerivedFromTheAccount(String password) {
        assertThat(violation(password)).contains(Violation.LIKE_THE_ACCOUNT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Password123", "I Love You 2026", "qwertyuiop", "forcaportugal!", "1q2w3e4r5t6y"})
    void rejectsCommonPasswordWithDigitsAtItsEnd(String password) {
        assertThat(violation(password)).contains(Violation.TOO_COMMON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zzzzzzzzzz", "ababababab", "ghijklmnopq", "zyxwvutsrqp"})
    void rejectsRepetitionsAndSequences(String password) {
        assertThat(violation(password)).contains(Violation.TOO_SIMPLE);
    }

    @Test
    void normalizesComposedAndDecomposedLetters() {
        assertThat(PasswordRules.normalized("cafe\u0301 da manha\u0303"))
                .isEqualTo(PasswordRules.normalized("caf\u00e9 da manh\u00e3"));
    }
}
