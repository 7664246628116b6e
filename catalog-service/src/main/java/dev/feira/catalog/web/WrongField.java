package dev.feira.catalog.web;

/** A field whose mistake only the service can know. */
class WrongField extends RuntimeException {

    private final String field;

    WrongField(String field, String message) {
        super(message);
        this.field = field;
    }

    String field() {
        return field;
    }
}
