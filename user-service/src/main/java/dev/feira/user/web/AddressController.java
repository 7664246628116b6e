package dev.feira.user.web;

import dev.feira.defaults.FeiraProperties;
import dev.feira.defaults.text.UnicodeSpaces;
import dev.feira.defaults.text.VisibleText;
import dev.feira.user.application.AddressBook;
import dev.feira.user.domain.Address;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/users/me/addresses")
class AddressController {

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    private final AddressBook addressBook;
    private final FeiraProperties settings;

    AddressController(AddressBook addressBook, FeiraProperties settings) {
        this.addressBook = addressBook;
        this.settings = settings;
    }

    /** A field violates a rule that no annotation expresses: 400. */
    static final class InvalidField extends RuntimeException {

        private final String field;

        InvalidField(String field, String message) {
            super(message);
            this.field = field;
        }

        String field() {
            return field;
        }
    }

    record AddressRequest(
            @NotNull @Size(max = 40) @VisibleText String label,

            @NotNull @Size(max = 100) @VisibleText String name,

            @NotNull @Size(max = 200) @VisibleText String street,

            @NotBlank @Size(max = 12) @Pattern(regexp = "[A-Za-z0-9 -]*", message = "must have only Latin letters, digits, spaces and hyphens") String postalCode,

            @NotNull @Size(max = 100) @VisibleText String city,

            @NotBlank @Pattern(regexp = "[A-Z]{2}", message = "must be two upper-case letters (ISO 3166-1)")
            String country,

            @Nullable Boolean isDefault) {

        Address.Fields fields() {
            if (!COUNTRIES.contains(country)) {
                throw new InvalidField("country", "must be a country code of ISO 3166-1");
            }
            if (country.equals("PT") && !postalCode.strip().matches("[0-9]{4}-[0-9]{3}")) {
                throw new InvalidField("postalCode", "must have the form NNNN-NNN in Portugal");
            }
            return new Address.Fields(
                    UnicodeSpaces.strip(label),
                    UnicodeSpaces.strip(name),
                    UnicodeSpaces.strip(street),
                    postalCode.strip(),
                    UnicodeSpaces.strip(city),
                    country);
        }

        boolean preferred() {
            return Boolean.TRUE.equals(isDefault);
        }
    }

    record AddressResponse(
            UUID id,
            String label,
            String name,
            String street,
            String postalCode,
            String city,
            String country,
            boolean isDefault) {

        static AddressResponse of(Address address) {
            var fields = address.fields();
            return new AddressResponse(
                    address.id(),
                    fields.label(),
                    fields.name(),
                    fields.street(),
                    fields.postalCode(),
                    fields.city(),
                    fields.country(),
                    address.preferred());
        }
    }

    record AddressListResponse(
            List<AddressResponse> items, @Nullable String nextCursor) {}

    @Operation(summary = "Own delivery addresses, oldest first, at most 20")
    @GetMapping
    AddressListResponse list(@AuthenticationPrincipal Jwt token) {
        return new AddressListResponse(
                addressBook.list(UserController.id(token)).stream()
                        .map(AddressResponse::of)
                        .toList(),
                null);
    }

    @Operation(summary = "Add an address; the first one is the default")
    @ApiResponse(responseCode = "201", description = "Added")
    @PostMapping
    ResponseEntity<AddressResponse> add(
            @AuthenticationPrincipal Jwt token, @Valid @RequestBody AddressRequest request) {
        var address =
                AddressResponse.of(addressBook.add(UserController.id(token), request.fields(), request.preferred()));
        return ResponseEntity.created(URI.create(settings.apiPrefix() + "/users/me/addresses/" + address.id()))
                .body(address);
    }

    @Operation(summary = "Replace an address; the default stays the default until another address becomes it")
    @PutMapping("/{id}")
    AddressResponse change(
            @AuthenticationPrincipal Jwt token, @PathVariable UUID id, @Valid @RequestBody AddressRequest request) {
        return AddressResponse.of(
                addressBook.change(UserController.id(token), id, request.fields(), request.preferred()));
    }

    @Operation(summary = "Remove an address")
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@AuthenticationPrincipal Jwt token, @PathVariable UUID id) {
        addressBook.remove(UserController.id(token), id);
    }
}
