package dev.feira.user.web;

import dev.feira.defaults.FeiraProperties;
import dev.feira.defaults.problem.Problem;
import dev.feira.user.application.Profiles;
import dev.feira.user.provider.AuthorizationError;
import dev.feira.user.provider.DeviceApproval;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** Serves the pages: sign-in, sign-out, the welcome after registration, and devices. */
@Controller
class PageController {

    private static final int MAX_CODE_LENGTH = 20;

    private final RequestCache requests = new HttpSessionRequestCache();
    private final DeviceApproval devices;
    private final Profiles profiles;
    private final FeiraProperties settings;

    PageController(DeviceApproval devices, Profiles profiles, FeiraProperties settings) {
        this.devices = devices;
        this.profiles = profiles;
        this.settings = settings;
    }

    @ModelAttribute("shop")
    String shop() {
        return settings.publicUrl().toString();
    }

    @GetMapping("/login")
    String login(
            @RequestParam(required = false) @Nullable String error,
            @RequestParam(required = false) @Nullable String busy,
            @RequestParam(required = false) @Nullable String stale,
            @RequestParam(required = false) @Nullable Long wait,
            @Nullable Authentication person,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        var saved = requests.getRequest(request, response);
        if (person != null && saved == null) {
            return "redirect:" + settings.publicUrl() + "/login"; // signed in: continue in the shop
        }
        var session = request.getSession(false);
        if (session != null) {
            model.addAttribute("email", session.getAttribute(SecurityConfiguration.TYPED_EMAIL));
            session.removeAttribute(SecurityConfiguration.TYPED_EMAIL);
        }
        model.addAttribute("rejected", error != null);
        model.addAttribute("busy", busy != null);
        model.addAttribute("stale", stale != null);
        model.addAttribute("wait", wait);
        // if a client waits for this sign-in, the registration returns to it
        var next = saved == null ? "/" : request.getContextPath() + "/login";
        model.addAttribute(
                "signUp",
                settings.publicUrl() + "/sign-up?continue=" + URLEncoder.encode(next, StandardCharsets.UTF_8));
        return "login";
    }

    @GetMapping("/welcome")
    String welcome() {
        return "welcome";
    }

    @GetMapping("/logout")
    String logout() {
        return "logout";
    }

    @GetMapping("/signed-out")
    String signedOut() {
        return "signed-out";
    }

    /** Shows a page to a browser. */
    @GetMapping(path = AuthorizationError.PATH, produces = MediaType.TEXT_HTML_VALUE)
    String authorizationError(
            @RequestAttribute(name = AuthorizationError.ATTRIBUTE, required = false) @Nullable AuthorizationError error,
            HttpServletResponse response,
            Model model) {
        if (error == null) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND); // opened without an error
        }
        response.setStatus(HttpStatus.BAD_REQUEST.value());
        model.addAttribute("error", error);
        return "authorization-error";
    }

    /** Returns a problem to every other client. */
    @GetMapping(AuthorizationError.PATH)
    ResponseEntity<ProblemDetail> authorizationProblem(
            @RequestAttribute(name = AuthorizationError.ATTRIBUTE, required = false) @Nullable AuthorizationError error) {
        if (error == null) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return ResponseEntity.badRequest()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(Problem.of(HttpStatus.BAD_REQUEST, "invalid-request", error.detail()));
    }

    @GetMapping("/activate")
    String activate(
            @RequestParam(name = "user_code", required = false) @Nullable String code,
            Authentication person,
            Model model) {
        model.addAttribute("code", code == null ? "" : code.substring(0, Math.min(code.length(), MAX_CODE_LENGTH)));
        model.addAttribute("person", name(person));
        return "activate";
    }

    @PostMapping("/activate")
    String find(
            @RequestParam(name = "user_code", defaultValue = "") String code,
            Authentication person,
            HttpServletResponse response,
            Model model) {
        model.addAttribute("person", name(person));
        model.addAttribute("code", code.substring(0, Math.min(code.length(), MAX_CODE_LENGTH)));
        switch (devices.find(code, UUID.fromString(person.getName()))) {
            case DeviceApproval.Search.Found found -> {
                model.addAttribute("device", found.device());
                return "device";
            }
            case DeviceApproval.Search.Unknown _ -> {
                response.setStatus(HttpStatus.NOT_FOUND.value());
                model.addAttribute("unknown", true);
            }
            case DeviceApproval.Search.TooMany tooMany -> {
                response.setStatus(HttpStatus.TOO_MANY_REQUESTS.value());
                model.addAttribute("wait", Math.max(1, tooMany.retryAfter().toSeconds()));
            }
        }
        return "activate";
    }

    @PostMapping("/activate/decision")
    String decide(
            @RequestParam(name = "user_code") String code,
            @RequestParam String decision,
            Authentication person,
            HttpServletResponse response,
            Model model) {
        var allowed = decision.equals("allow");
        var done = allowed ? devices.approve(code, person) : devices.deny(code, person);
        if (!done) {
            response.setStatus(HttpStatus.NOT_FOUND.value());
        }
        model.addAttribute("outcome", done ? allowed ? "allowed" : "denied" : "gone");
        return "device-done";
    }

    private String name(Authentication person) {
        return profiles.view(UUID.fromString(person.getName())).name();
    }
}
