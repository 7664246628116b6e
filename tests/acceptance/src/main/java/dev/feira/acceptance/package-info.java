/** What Feira promises, tried from outside through the gateway: the same tests for every environment. */
package dev.feira.acceptance;
