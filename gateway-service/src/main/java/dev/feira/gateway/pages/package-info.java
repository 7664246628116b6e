/** The web pages: the document of the shop, its files, and the API's documentation. */
@NullMarked
package dev.feira.gateway.pages;

import org.jspecify.annotations.NullMarked;
