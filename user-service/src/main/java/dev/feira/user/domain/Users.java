package dev.feira.user.domain;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

/** Stores the accounts. */
public interface Users extends ListCrudRepository<User, UUID> {

    List<User> findByEmailIn(Collection<String> emails);

    /**
     * Finds the account of an e-mail address, whichever way its domain is written. Where an earlier version registered two
     * forms of one address, the form as given is preferred.
     */
    default Optional<User> findByEmailAddress(String email) {
        var forms = List.copyOf(EmailAddress.storedForms(email));
        return findByEmailIn(forms).stream().min(Comparator.comparingInt(user -> forms.indexOf(user.email())));
    }

    List<User> findByDemoTrue();

    /** Returns whether an admin exists that may sign in and is no demonstration account. */
    @Query("""
            select exists (select 1 from users where 'ADMIN' = any (roles) and not demo and disabled_at is null)
            """)
    boolean existsAdmin();

    /**
     * Returns the account, and locks it until the end of the transaction: call it before the transaction writes anything, so that
     * its events are in the order of the changes. The lock of a row alone is not enough: PostgreSQL may number a transaction while
     * it waits for a row that others change, and lets another one go first.
     */
    default Optional<User> lockById(UUID id) {
        lock(id.toString());
        return lockRow(id);
    }

    /** Waits for other transactions that change the account; this lock does not number the transaction. */
    @Query("select cast(pg_advisory_xact_lock(hashtextextended(:id, 0)) as text)")
    String lock(String id);

    @Query("""
            select id, email, email_verified, name, password_hash, roles, locale, demo, disabled_at, created_at, updated_at,
                   version from users where id = :id for update""")
    Optional<User> lockRow(UUID id);
}
