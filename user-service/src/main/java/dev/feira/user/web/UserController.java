package dev.feira.user.web;

import dev.feira.defaults.FeiraProperties;
import dev.feira.defaults.text.PlainText;
import dev.feira.defaults.text.UnicodeSpaces;
import dev.feira.defaults.text.VisibleText;
import dev.feira.user.application.Profiles;
import dev.feira.user.application.Registration;
import dev.feira.user.domain.EmailAddress;
import dev.feira.user.domain.PasswordRules;
import dev.feira.user.domain.Role;
import dev.feira.user.domain.User;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/users")
class UserController {

    private final Registration registration;
    private final Profiles profiles;
    private final FeiraProperties settings;

    UserController(Registration registration, Profiles profiles, FeiraProperties settings) {
        this.registration = registration;
        this.profiles = profiles;
        this.settings = settings;
    }

    private static final String LANGUAGES = "en|pt";
    private static final String LANGUAGES_MESSAGE = "must be one of en, pt";

    record RegistrationRequest(
            @NotNull @Size(max = EmailAddress.MAX_LENGTH) @ValidEmailAddress
            String email,

            @NotNull @Size(max = PasswordRules.MAX_LENGTH * 2) String password,

            @NotNull @Size(max = 100) @VisibleText String name,

            @Nullable @Pattern(regexp = LANGUAGES, message = LANGUAGES_MESSAGE) String locale) {

        @Override
        public String toString() {
            return "RegistrationRequest[***]";
        }
    }

    record ProfileRequest(
            @Nullable @Size(max = 100) @VisibleText String name,

            @Nullable @Pattern(regexp = LANGUAGES, message = LANGUAGES_MESSAGE) String locale) {}

    record PasswordRequest(
            @NotNull @Size(max = PasswordRules.MAX_LENGTH * 2) String currentPassword,

            @NotNull @Size(max = PasswordRules.MAX_LENGTH * 2) String newPassword) {

        @Override
        public String toString() {
            return "PasswordRequest[***]";
        }
    }

    record RolesRequest(
            @NotEmpty @Size(max = 3) List<
                            @NotNull @Pattern(regexp = "customer|staff|admin", message = "must be one of customer, staff, admin") String>
                    roles) {}

    record UserResponse(
            UUID id,
            String email,
            boolean emailVerified,
            String name,
            List<String> roles,
            String locale,
            Instant createdAt) {

        static UserResponse of(User user) {
            return new UserResponse(
                    user.id(),
                    user.email(),
                    user.emailVerified(),
                    user.name(),
                    user.roleLabels(),
                    user.locale(),
                    user.createdAt());
        }
    }

    @Operation(summary = "Register a customer")
    @ApiResponse(responseCode = "201", description = "Registered")
    @SecurityRequirements
    @PostMapping
    ResponseEntity<UserResponse> register(
            @Valid @RequestBody RegistrationRequest request, HttpServletRequest http, Locale accepted) {
        var locale = Objects.requireNonNullElse(request.locale(), accepted.getLanguage());
        var user = registration.register(
                request.email(), request.password(), UnicodeSpaces.strip(request.name()), locale, http.getRemoteAddr());
        return ResponseEntity.created(URI.create(settings.apiPrefix() + "/users/me"))
                .body(UserResponse.of(user));
    }

    @Operation(summary = "Own account")
    @GetMapping("/me")
    UserResponse me(@AuthenticationPrincipal Jwt token) {
        return UserResponse.of(profiles.view(id(token)));
    }

    @Operation(summary = "Change own name or language; a missing field stays unchanged")
    @PatchMapping("/me")
    UserResponse change(
            @AuthenticationPrincipal Jwt token, @Valid @RequestBody ProfileRequest request, HttpServletRequest http) {
        var name = request.name() == null ? null : UnicodeSpaces.strip(request.name());
        return UserResponse.of(profiles.change(id(token), name, request.locale(), http.getRemoteAddr()));
    }

    @Operation(summary = "Change own password; ends all sessions and refresh tokens")
    @PutMapping("/me/password")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void changePassword(
            @AuthenticationPrincipal Jwt token, @Valid @RequestBody PasswordRequest request, HttpServletRequest http) {
        profiles.changePassword(id(token), request.currentPassword(), request.newPassword(), http.getRemoteAddr());
    }

    @Operation(summary = "Admin: find an account by e-mail address")
    @GetMapping
    UserResponse find(@RequestParam @NotBlank @Size(max = EmailAddress.MAX_LENGTH) @PlainText String email) {
        return UserResponse.of(profiles.findByEmail(UnicodeSpaces.strip(email)));
    }

    @Operation(summary = "Admin: set the roles of an account, in effect with its next access token")
    @PutMapping("/{id}/roles")
    UserResponse setRoles(
            @PathVariable UUID id,
            @AuthenticationPrincipal Jwt admin,
            @Valid @RequestBody RolesRequest request,
            HttpServletRequest http) {
        Set<Role> roles = request.roles().stream()
                .map(role -> Role.valueOf(role.toUpperCase(Locale.ROOT)))
                .collect(Collectors.toSet());
        return UserResponse.of(profiles.setRoles(id, roles, id(admin), http.getRemoteAddr()));
    }

    static UUID id(Jwt token) {
        try {
            return UUID.fromString(String.valueOf(token.getSubject()));
        } catch (IllegalArgumentException e) {
            throw new NotAUser();
        }
    }

    /** The token of a service, where that of a user is required: 403. */
    static final class NotAUser extends RuntimeException {}
}
