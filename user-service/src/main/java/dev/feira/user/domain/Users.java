package dev.feira.user.domain;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

/** Stores the accounts. */
public interface Users extends ListCrudRepository<User, UUID> {

    /** @param email in {@link User#normalized(String) normal form} */
    Optional<User> findByEmail(String email);

    List<User> findByDemoTrue();

    /** Returns whether an admin exists that may sign in and is no demonstration account. */
    @Query("""
            select exists (select 1 from users where 'ADMIN' = any (roles) and not demo and disabled_at is null)
            """)
    boolean existsAdmin();

    /** Returns the account, and locks it until the end of the transaction. */
    @Query("""
            select id, email, name, password_hash, roles, locale, demo, disabled_at, created_at, updated_at, version
              from users where id = :id for update""")
    Optional<User> lockById(UUID id);
}
