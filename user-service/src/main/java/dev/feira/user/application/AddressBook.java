package dev.feira.user.application;

import dev.feira.user.domain.Address;
import dev.feira.user.domain.Addresses;
import dev.feira.user.domain.Users;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * A person's delivery addresses. Where there is any, exactly one is the default; changes to one person's book wait for
 * each other.
 */
@Service
public class AddressBook {

    /** Most addresses of one person. */
    public static final int LARGEST = 20;

    private final Addresses addresses;
    private final Users users;
    private final Clock clock;

    AddressBook(Addresses addresses, Users users, Clock clock) {
        this.addresses = addresses;
        this.users = users;
        this.clock = clock;
    }

    /** What an address says. */
    public record Lines(
            String label,
            String name,
            String street,
            String postalCode,
            String city,
            String country,
            boolean preferred) {}

    /** The person has no such address, or another one has: 404. */
    public static final class AddressNotFound extends RuntimeException {

        AddressNotFound() {
            super("no such address");
        }
    }

    /** The book is full: 409. */
    public static final class AddressBookFull extends RuntimeException {

        AddressBookFull() {
            super("an address book has at most " + LARGEST + " addresses");
        }
    }

    /** Returns the person's addresses, oldest first. */
    @Transactional(readOnly = true)
    public List<Address> of(UUID userId) {
        return addresses.findByUserIdOrderByCreatedAt(userId);
    }

    /**
     * Adds an address; the first one is the default whatever it says.
     *
     * @throws AddressBookFull there are {@value #LARGEST} already
     */
    @Transactional
    public Address add(UUID userId, Lines lines) {
        var present = lock(userId);
        if (present.size() >= LARGEST) {
            throw new AddressBookFull();
        }
        var preferred = lines.preferred() || present.isEmpty();
        if (preferred) {
            clearPreferred(present);
        }
        return addresses.save(new Address(
                UUID.randomUUID(),
                userId,
                lines.label(),
                lines.name(),
                lines.street(),
                lines.postalCode(),
                lines.city(),
                lines.country(),
                preferred,
                clock.instant(),
                null));
    }

    /** @throws AddressNotFound not in this person's book */
    @Transactional
    public Address change(UUID userId, UUID id, Lines lines) {
        var present = lock(userId);
        var old = find(present, id);
        // the default one stays it until another takes its place
        var preferred = lines.preferred() || old.preferred();
        if (preferred && !old.preferred()) {
            clearPreferred(present);
        }
        return addresses.save(old.changed(
                lines.label(),
                lines.name(),
                lines.street(),
                lines.postalCode(),
                lines.city(),
                lines.country(),
                preferred));
    }

    /** Removes an address; where it was the default, the oldest one left becomes it. */
    @Transactional
    public void remove(UUID userId, UUID id) {
        var present = lock(userId);
        var gone = find(present, id);
        addresses.delete(gone);
        if (gone.preferred()) {
            present.stream()
                    .filter(address -> !address.id().equals(id))
                    .findFirst()
                    .ifPresent(next -> addresses.save(next.preferred(true)));
        }
    }

    private List<Address> lock(UUID userId) {
        if (users.lockById(userId).isEmpty()) {
            throw new Profiles.UserNotFound();
        }
        return addresses.findByUserIdOrderByCreatedAt(userId);
    }

    private void clearPreferred(List<Address> present) {
        present.stream().filter(Address::preferred).forEach(address -> addresses.save(address.preferred(false)));
    }

    private static Address find(List<Address> present, UUID id) {
        return present.stream()
                .filter(address -> address.id().equals(id))
                .findFirst()
                .orElseThrow(AddressNotFound::new);
    }
}
