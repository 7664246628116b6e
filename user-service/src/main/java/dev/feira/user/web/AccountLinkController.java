package dev.feira.user.web;

import dev.feira.defaults.FeiraProperties;
import dev.feira.defaults.text.UnicodeSpaces;
import dev.feira.user.application.EmailChange;
import dev.feira.user.application.EmailVerification;
import dev.feira.user.application.InvalidLink;
import dev.feira.user.application.PasswordHashes;
import dev.feira.user.application.PasswordReset;
import dev.feira.user.application.Registration;
import dev.feira.user.domain.AttemptLimiter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/**
 * Serves the pages of links in messages. An opened link changes nothing: scanners of mail open links, too. Its page has a button,
 * and works without a sign-in.
 */
@Controller
class AccountLinkController {

    /** The link is used: the page has no choice of language, which would open it again. */
    private static final String DONE = "done";

    private final EmailVerification verification;
    private final PasswordReset passwordReset;
    private final EmailChange emailChange;
    private final FeiraProperties settings;

    AccountLinkController(
            EmailVerification verification,
            PasswordReset passwordReset,
            EmailChange emailChange,
            FeiraProperties settings) {
        this.verification = verification;
        this.passwordReset = passwordReset;
        this.emailChange = emailChange;
        this.settings = settings;
    }

    @ModelAttribute
    void common(@RequestParam(defaultValue = "") String token, Model model) {
        model.addAttribute("shop", settings.publicUrl().toString());
        model.addAttribute("token", token);
        model.addAttribute("keep", keep(token));
    }

    /** Returns what the links to the other language add, so that they lead to the same page. */
    private static String keep(String token) {
        return token.isEmpty() ? "" : "&token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
    }

    @GetMapping("/verification")
    String verification(@RequestParam(defaultValue = "") String token, Model model) {
        model.addAttribute("email", verification.check(token));
        return "verification";
    }

    @PostMapping("/verification")
    String verify(@RequestParam(defaultValue = "") String token, HttpServletRequest http, Model model) {
        verification.verify(token, http.getRemoteAddr());
        model.addAttribute(DONE, true);
        return "verification-done";
    }

    @GetMapping("/email-change")
    String emailChange(@RequestParam(defaultValue = "") String token, Model model) {
        model.addAttribute("email", emailChange.check(token));
        return "email-change";
    }

    @PostMapping("/email-change")
    String changeEmail(
            @RequestParam(defaultValue = "") String token,
            HttpServletRequest http,
            HttpServletResponse response,
            Model model) {
        try {
            model.addAttribute("result", emailChange.confirm(token, http.getRemoteAddr()));
            model.addAttribute(DONE, true);
        } catch (Registration.EmailTaken e) {
            response.setStatus(HttpStatus.CONFLICT.value());
            model.addAttribute("result", "TAKEN");
        }
        return "email-change-done";
    }

    @GetMapping(path = "/password-reset", params = "!token")
    String passwordReset() {
        return "password-reset";
    }

    @PostMapping(path = "/password-reset", params = "!token")
    String requestReset(
            @RequestParam(defaultValue = "") String email,
            HttpServletRequest http,
            HttpServletResponse response,
            Model model) {
        try {
            passwordReset.request(UnicodeSpaces.strip(email), http.getRemoteAddr());
            return "password-reset-sent";
        } catch (AttemptLimiter.TooManyAttempts e) {
            response.setStatus(HttpStatus.TOO_MANY_REQUESTS.value());
            model.addAttribute(
                    "minutes", Math.max(1, e.retryAfter().plusSeconds(59).toMinutes()));
            return "password-reset";
        }
    }

    @GetMapping(path = "/password-reset", params = "token")
    String newPassword(@RequestParam(defaultValue = "") String token, @Nullable Authentication person, Model model) {
        addAccount(token, person, model);
        return "new-password";
    }

    @PostMapping(path = "/password-reset", params = "token")
    String reset(
            @RequestParam(defaultValue = "") String token,
            @RequestParam(defaultValue = "") String password,
            @Nullable Authentication person,
            HttpServletRequest http,
            HttpServletResponse response,
            Model model) {
        try {
            passwordReset.reset(token, password, http.getRemoteAddr());
            model.addAttribute(DONE, true);
            return "new-password-done";
        } catch (Registration.WeakPassword e) {
            response.setStatus(HttpStatus.BAD_REQUEST.value());
            model.addAttribute("violation", e.violation());
        } catch (PasswordHashes.Busy e) {
            response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
            model.addAttribute("busy", true);
        }
        addAccount(token, person, model);
        return "new-password";
    }

    /** Names the account of the link, since another one may be signed in. */
    private void addAccount(String token, @Nullable Authentication person, Model model) {
        var opened = passwordReset.check(token);
        model.addAttribute("email", opened.email());
        model.addAttribute(
                "otherAccount",
                person != null && !person.getName().equals(opened.userId().toString()));
    }

    @ExceptionHandler
    ModelAndView invalid(InvalidLink e, HttpServletRequest request) {
        var path = request.getRequestURI();
        var token = request.getParameter("token");
        return new ModelAndView(
                "link-problem",
                Map.of(
                        "shop", settings.publicUrl().toString(),
                        "keep", keep(token == null ? "" : token),
                        "page", path.substring(path.lastIndexOf('/') + 1),
                        "reason", e.reason()),
                e.reason() == InvalidLink.Reason.UNKNOWN ? HttpStatus.NOT_FOUND : HttpStatus.GONE);
    }
}
