/** HTTP API for staff. */
@NullMarked
package dev.feira.notification.web;

import org.jspecify.annotations.NullMarked;
