package dev.sluice.gateway.architecture.wrong.ring;

import dev.sluice.gateway.architecture.wrong.EverythingManager;

/** Points back to who points here. */
public record Back(EverythingManager manager) {}
