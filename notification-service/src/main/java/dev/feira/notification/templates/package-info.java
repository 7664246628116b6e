/** Texts and layout of mail, in English and Portuguese. */
@NullMarked
package dev.feira.notification.templates;

import org.jspecify.annotations.NullMarked;
