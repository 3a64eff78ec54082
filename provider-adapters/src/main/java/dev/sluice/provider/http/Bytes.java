package dev.sluice.provider.http;

import dev.sluice.memory.MemoryShare;
import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import java.util.Arrays;

/**
 * Bytes that grow up to a bound, beyond which the upstream is at fault. Takes no memory before the first byte. What is large is
 * taken of the memory that all streams share, until it is {@link #clear cleared}.
 */
final class Bytes {

    private static final byte[] NONE = {};
    private static final int SMALLEST = 512;
    private static final int KEPT = 64 * 1024;

    private final int max;
    private final MemoryShare memory;
    private byte[] array = NONE;
    private int length;
    private long taken;

    Bytes(int max, MemoryShare memory) {
        this.max = max;
        this.memory = memory;
    }

    static ProviderException tooLong(int max) {
        return new ProviderException(
                new ProviderFailure.Malformed("The provider sent a piece of more than " + max + " bytes."));
    }

    boolean isEmpty() {
        return length == 0;
    }

    int length() {
        return length;
    }

    /** Returns the array that holds the bytes from index 0; it changes with the next call. */
    byte[] array() {
        return array;
    }

    void append(byte[] source, int from, int to) {
        reserve(to - from);
        System.arraycopy(source, from, array, length, to - from);
        length += to - from;
    }

    void append(char ascii) {
        reserve(1);
        array[length++] = (byte) ascii;
    }

    /** Empties; a large array is given back, so that one large event does not cost for the rest of the stream. */
    void clear() {
        length = 0;
        if (taken > 0) {
            array = NONE;
            memory.giveBack(taken);
            taken = 0;
        }
    }

    private void reserve(int more) {
        if (more > max - length) {
            throw tooLong(max);
        }
        if (length + more > array.length) {
            long doubled = Math.max(SMALLEST, 2L * array.length);
            int size = (int) Math.max(length + more, Math.min(doubled, max));
            long shared = size - KEPT - taken;
            if (shared > 0) {
                take(shared);
            }
            array = Arrays.copyOf(array, size);
        }
    }

    private void take(long bytes) {
        if (!memory.take(bytes)) {
            throw new ProviderException(new ProviderFailure.ShortOfMemory(
                    "The provider sent a very large piece, and the gateway holds too many of those already."));
        }
        taken += bytes;
    }
}
