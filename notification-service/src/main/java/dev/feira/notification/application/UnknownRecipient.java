package dev.feira.notification.application;

/** The event of the account itself has not been applied yet: the feeds of two services are not in step. */
public class UnknownRecipient extends RuntimeException {

    UnknownRecipient(String userId) {
        super("account " + userId + " is unknown: its user.registered event has not been applied yet");
    }
}
