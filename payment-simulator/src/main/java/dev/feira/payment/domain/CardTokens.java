package dev.feira.payment.domain;

import java.time.Instant;
import java.util.Optional;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** The tokens handed out. */
public interface CardTokens extends Repository<CardToken, String> {

    /** The token, or nothing where none was handed out under this name. */
    Optional<CardToken> findById(String token);

    // The id is made here, not by the database, so save() would take the token for an old one and update it
    @Modifying
    @Query("""
            insert into card_token (token, behaviour, brand, last4, created_at)
            values (:token, :behaviour, :brand, :last4, :createdAt)""")
    void insert(String token, String behaviour, String brand, String last4, Instant createdAt);

    /** Keeps a new token. */
    default void add(CardToken card) {
        insert(card.token(), card.behaviour().name(), card.brand(), card.last4(), card.createdAt());
    }
}
