package dev.feira.user.web;

import dev.feira.user.application.EmailChange;
import dev.feira.user.application.EmailVerification;
import dev.feira.user.application.Erasure;
import dev.feira.user.domain.EmailAddress;
import dev.feira.user.domain.PasswordRules;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Starts what a message confirms, and erases accounts. The pages of the links are at {@link AccountLinkController}. */
@RestController
@RequestMapping("/users/me")
class AccountController {

    private final EmailVerification verification;
    private final EmailChange emailChange;
    private final Erasure erasure;

    AccountController(EmailVerification verification, EmailChange emailChange, Erasure erasure) {
        this.verification = verification;
        this.emailChange = emailChange;
        this.erasure = erasure;
    }

    record EmailRequest(
            @NotNull @Size(max = EmailAddress.MAX_LENGTH) @ValidEmailAddress
            String email,

            @NotNull @Size(max = PasswordRules.MAX_LENGTH * 2) String currentPassword) {

        @Override
        public String toString() {
            return "EmailRequest[***]";
        }
    }

    record ErasureRequest(
            @NotNull @Size(max = PasswordRules.MAX_LENGTH * 2) String currentPassword) {

        @Override
        public String toString() {
            return "ErasureRequest[***]";
        }
    }

    @Operation(summary = "Send another link that verifies own e-mail address")
    @ApiResponse(responseCode = "202", description = "Sent")
    @ApiResponse(responseCode = "204", description = "The address is verified already")
    @PostMapping("/verification")
    ResponseEntity<Void> verify(@AuthenticationPrincipal Jwt token) {
        return verification.request(UserController.id(token))
                ? ResponseEntity.accepted().build()
                : ResponseEntity.noContent().build();
    }

    @Operation(
            summary = "Change own e-mail address",
            description = "Links are sent to both addresses. The address changes when both were used, within 24 hours.")
    @PostMapping("/email")
    @ResponseStatus(HttpStatus.ACCEPTED)
    void changeEmail(
            @AuthenticationPrincipal Jwt token, @Valid @RequestBody EmailRequest request, HttpServletRequest http) {
        emailChange.request(UserController.id(token), request.email(), request.currentPassword(), http.getRemoteAddr());
    }

    @Operation(
            summary = "Delete own account",
            description = "Removes the person everywhere; orders stay without a name. This cannot be undone.")
    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void erase(@AuthenticationPrincipal Jwt token, @Valid @RequestBody ErasureRequest request) {
        erasure.erase(UserController.id(token), request.currentPassword());
    }
}
