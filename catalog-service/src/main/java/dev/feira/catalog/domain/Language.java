package dev.feira.catalog.domain;

/** The languages of the shop. */
public enum Language {
    EN,
    PT
}
