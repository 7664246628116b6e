package dev.feira.defaults.paging;

/** Thrown for a cursor that was changed, or that was made for another list: 400 {@code invalid-cursor}. */
public final class InvalidCursor extends RuntimeException {

    public InvalidCursor() {
        super("The cursor does not belong to this list.");
    }
}
