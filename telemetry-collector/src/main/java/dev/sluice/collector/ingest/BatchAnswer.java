package dev.sluice.collector.ingest;

import java.util.List;

/**
 * What became of a batch. All numbers are durable when this is sent; {@code accepted + duplicate + rejected} is the
 * number of events.
 *
 * @param accepted events that were stored now
 * @param duplicate events that had been stored before
 * @param rejected events that never will be, by their place in the batch
 */
record BatchAnswer(int accepted, int duplicate, List<Rejection> rejected) {}
