/** Configures JSON, request sizes and the OpenAPI document. */
@NullMarked
package dev.feira.defaults.web;

import org.jspecify.annotations.NullMarked;
