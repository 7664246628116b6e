package dev.feira.notification.domain;

/** There is no such mail. */
public class MailNotFound extends RuntimeException {}
