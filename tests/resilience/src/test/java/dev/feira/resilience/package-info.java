/** Tests of the platform while its parts fail, restart, roll out and scale. */
package dev.feira.resilience;
