package dev.feira.local.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LoginFormTests {

    @Test
    void findsFormWithPasswordField() {
        var form = LoginForm.find("""
                        <form action="/search"><input name="q"></form>
                        <form method="post" class="card" action="/id/login?a=1&amp;b=2">
                          <input type="hidden" name="_csrf" value="a&quot;b"/>
                          <label>E-mail <input type=email name=username required></label>
                          <input id="p" type='password' name='password'>
                          <input type="checkbox" name="remember"><button type="submit">Sign in</button>
                        </form>
                        """).orElseThrow();

        assertThat(form.action()).isEqualTo("/id/login?a=1&b=2");
        assertThat(form.filled("ana@feira.example", "secret"))
                .isEqualTo(Map.of("_csrf", "a\"b", "username", "ana@feira.example", "password", "secret"));
    }

    @Test
    void returnsEmptyWithoutPasswordField() {
        assertThat(LoginForm.find("<form><input name=q></form><p>password</p>")).isEmpty();
    }
}
