@NullMarked
package dev.sluice.gateway.telemetry.http;

import org.jspecify.annotations.NullMarked;
