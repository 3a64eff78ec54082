package dev.sluice.gateway.log;

/** Is told of a log's readers. Called on their threads; returns at once. */
public interface ReaderListener {

    /** There was no reader, and now there is one. */
    void firstReaderCame();

    /** There is no reader any more. */
    void lastReaderLeft();

    /** The log was {@link StreamLog#full() full} and no longer is: the writer may go on. */
    void roomAgain();
}
