/** The SMTP server. */
@NullMarked
package dev.feira.notification.smtp;

import org.jspecify.annotations.NullMarked;
