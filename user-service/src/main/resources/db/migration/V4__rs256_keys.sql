-- A second key pair in each row, for clients that verify RS256 only. Earlier versions of the service neither read nor write it.
alter table signing_keys
    add column rs256_public_key  jsonb,             -- JWK
    add column rs256_private_key bytea;             -- as private_key
