package dev.feira.user.web;

import dev.feira.user.application.SignIns;
import dev.feira.user.config.ProviderProperties;
import dev.feira.user.domain.ActiveSignIn;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/users/me/sign-ins")
class SignInController {

    private final SignIns signIns;
    private final ProviderProperties provider;

    SignInController(SignIns signIns, ProviderProperties provider) {
        this.signIns = signIns;
        this.provider = provider;
    }

    /**
     * A sign-in.
     *
     * @param client the name of the application
     * @param device the User-Agent of the browser or program, if known
     * @param current whether it is that of this request
     */
    record SignInResponse(
            String id,
            String client,
            @Nullable String device,
            Instant signedInAt,
            Instant lastUsedAt,
            boolean current) {}

    record SignInsResponse(List<SignInResponse> items) {}

    @Operation(summary = "Where the user is signed in, the last used sign-in first")
    @GetMapping
    SignInsResponse list(@AuthenticationPrincipal Jwt token) {
        return new SignInsResponse(signIns.list(UserController.id(token), token.getTokenValue()).stream()
                .map(this::response)
                .toList());
    }

    private SignInResponse response(ActiveSignIn signIn) {
        var client = provider.clients().get(signIn.clientId());
        return new SignInResponse(
                signIn.id(),
                client == null ? signIn.clientId() : client.name(),
                signIn.device(),
                signIn.signedInAt(),
                signIn.lastUsedAt(),
                signIn.current());
    }

    @Operation(summary = "Sign out everywhere; issued access tokens end within 10 minutes")
    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void endAll(@AuthenticationPrincipal Jwt token, HttpServletRequest http) {
        signIns.endAll(UserController.id(token), http.getRemoteAddr());
    }
}
