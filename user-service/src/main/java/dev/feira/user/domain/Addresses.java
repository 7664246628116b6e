package dev.feira.user.domain;

import java.util.List;
import java.util.UUID;
import org.springframework.data.repository.ListCrudRepository;

/** Stores the addresses of all users. */
public interface Addresses extends ListCrudRepository<Address, UUID> {

    List<Address> findByUserIdOrderByCreatedAt(UUID userId);
}
