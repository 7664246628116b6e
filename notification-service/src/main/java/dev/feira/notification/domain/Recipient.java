package dev.feira.notification.domain;

/**
 * Somebody with an account, as the events of user-service describe them.
 *
 * @param userId the subject of their tokens
 * @param staff whether mail for staff is for them
 * @param admin an administrator
 * @param demo a demonstration account, whose address does not exist
 */
public record Recipient(
        String userId, String email, String name, Language language, boolean staff, boolean admin, boolean demo) {}
