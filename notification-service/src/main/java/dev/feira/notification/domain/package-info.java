/** Recipients, mail and the interfaces of their storage and of the SMTP server. */
@NullMarked
package dev.feira.notification.domain;

import org.jspecify.annotations.NullMarked;
