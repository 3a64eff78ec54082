/**
 * Bad days of providers, lived through in virtual time: what callers notice, what it costs, what breakers save. The report is
 * {@code docs/weather.txt}.
 */
@NullMarked
package dev.sluice.gateway.weather;

import org.jspecify.annotations.NullMarked;
