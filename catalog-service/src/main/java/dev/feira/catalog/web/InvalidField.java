package dev.feira.catalog.web;

/** Thrown for a field that Bean Validation cannot check. */
class InvalidField extends RuntimeException {

    private final String field;

    InvalidField(String field, String message) {
        super(message);
        this.field = field;
    }

    String field() {
        return field;
    }
}
