package dev.sluice.gateway.telemetry;

/**
 * Who reports.
 *
 * @param id the gateway's name among several
 * @param instanceId one for each start of the process
 * @param version of this program
 */
record TelemetrySource(String id, String instanceId, String version) {}
