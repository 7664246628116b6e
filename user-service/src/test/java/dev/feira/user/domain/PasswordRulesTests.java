package dev.feira.user.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.user.domain.PasswordRules.Flaw;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordRulesTests {

    private static Optional<Flaw> flaw(String password) {
        return PasswordRules.flaw(password, "maria.silva@feira.example", "Maria Silva");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"seven ripe figs", "árvore de natal", "xK3#9fQz!p", "figosfigosfigos", "🍓🍇🍈🍉🍊🍋🍌🍍🥭🍎"})
    void aLongPasswordOfOnesOwnIsGood(String password) {
        assertThat(flaw(password)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nine char", "🍓🍇🍈🍉🍊🍋🍌🍍🥭"})
    void lessThanTenCharactersAreTooFew(String password) {
        assertThat(flaw(password)).contains(Flaw.TOO_SHORT);
    }

    @Test
    void aBookIsTooMuch() {
        assertThat(flaw("abcde".repeat(41))).contains(Flaw.TOO_LONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"maria.silva@feira.example", "MARIA.SILVA1", "Maria Silva 1985!"})
    void theAccountItselfIsNoPassword(String password) {
        assertThat(flaw(password)).contains(Flaw.LIKE_THE_ACCOUNT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Password123", "I Love You 2026", "qwertyuiop", "forcaportugal!", "1q2w3e4r5t6y"})
    void whatIsGuessedFirstIsNoPasswordEvenWithDigitsAtItsEnd(String password) {
        assertThat(flaw(password)).contains(Flaw.TOO_COMMON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zzzzzzzzzz", "ababababab", "ghijklmnopq", "zyxwvutsrqp"})
    void repeatingAndCountingIsNoPassword(String password) {
        assertThat(flaw(password)).contains(Flaw.TOO_SIMPLE);
    }

    @Test
    void oneLetterTypedInTwoWaysIsOneLetter() {
        assertThat(PasswordRules.normalized("cafe\u0301 da manha\u0303"))
                .isEqualTo(PasswordRules.normalized("caf\u00e9 da manh\u00e3"));
    }
}
