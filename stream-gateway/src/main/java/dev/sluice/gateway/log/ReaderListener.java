package dev.sluice.gateway.log;

/** Is told whether anybody reads a log. Called on the readers' threads; returns at once. */
public interface ReaderListener {

    /** There was no reader, and now there is one. */
    void firstReaderCame();

    /** There is no reader any more. */
    void lastReaderLeft();
}
