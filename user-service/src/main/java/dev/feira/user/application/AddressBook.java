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
 * Manages the delivery addresses of a user. Exactly one address of a non-empty book is the default; changes to one book
 * are serialized.
 */
@Service
public class AddressBook {

    /** Maximum number of addresses of one user. */
    public static final int MAX_ADDRESSES = 20;

    private final Addresses addresses;
    private final Users users;
    private final Clock clock;

    AddressBook(Addresses addresses, Users users, Clock clock) {
        this.addresses = addresses;
        this.users = users;
        this.clock = clock;
    }

    /** The user has no such address: 404. */
    public static final class AddressNotFound extends RuntimeException {}

    /** The book is full: 409. */
    public static final class AddressBookFull extends RuntimeException {}

    /** Returns the addresses of the user, oldest first. */
    @Transactional(readOnly = true)
    public List<Address> list(UUID userId) {
        return addresses.findByUserIdOrderByCreatedAt(userId);
    }

    /**
     * Adds an address. The first address is always the default.
     *
     * @throws AddressBookFull the book has {@value #MAX_ADDRESSES} addresses
     */
    @Transactional
    public Address add(UUID userId, Address.Fields fields, boolean preferred) {
        var present = lock(userId);
        if (present.size() >= MAX_ADDRESSES) {
            throw new AddressBookFull();
        }
        var isDefault = preferred || present.isEmpty();
        if (isDefault) {
            clearPreferred(present);
        }
        return addresses.save(new Address(UUID.randomUUID(), userId, fields, isDefault, clock.instant(), null));
    }

    /**
     * Replaces an address. The default address stays the default until another address becomes it.
     *
     * @throws AddressNotFound the user has no such address
     */
    @Transactional
    public Address change(UUID userId, UUID id, Address.Fields fields, boolean preferred) {
        var present = lock(userId);
        var old = find(present, id);
        if (preferred && !old.preferred()) {
            clearPreferred(present);
        }
        return addresses.save(old.with(fields, preferred || old.preferred()));
    }

    /** Removes an address; if it was the default, the oldest remaining address becomes the default. */
    @Transactional
    public void remove(UUID userId, UUID id) {
        var present = lock(userId);
        var removed = find(present, id);
        addresses.delete(removed);
        if (removed.preferred()) {
            present.stream()
                    .filter(address -> !address.id().equals(id))
                    .findFirst()
                    .ifPresent(next -> addresses.save(next.with(next.fields(), true)));
        }
    }

    private List<Address> lock(UUID userId) {
        if (users.lockById(userId).isEmpty()) {
            throw new Profiles.UserNotFound();
        }
        return addresses.findByUserIdOrderByCreatedAt(userId);
    }

    private void clearPreferred(List<Address> present) {
        present.stream()
                .filter(Address::preferred)
                .forEach(address -> addresses.save(address.with(address.fields(), false)));
    }

    private static Address find(List<Address> present, UUID id) {
        return present.stream()
                .filter(address -> address.id().equals(id))
                .findFirst()
                .orElseThrow(AddressNotFound::new);
    }
}
