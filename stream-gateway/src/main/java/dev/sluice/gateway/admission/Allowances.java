package dev.sluice.gateway.admission;

import dev.sluice.gateway.generation.Caller;

/** Knows what each caller may do. Thread-safe; gives the same answer for the same caller, and accounts bounded in number. */
public interface Allowances {

    /** Returns what this caller may do. */
    Allowance of(Caller caller);
}
