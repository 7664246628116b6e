package dev.feira.catalog.application;

/** The cursor was not given out by this service, or for another list, or was changed since. */
public class InvalidCursor extends RuntimeException {

    public InvalidCursor() {
        super("The cursor is not one that this list gave out.");
    }
}
