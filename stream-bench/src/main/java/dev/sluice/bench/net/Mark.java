package dev.sluice.bench.net;

/**
 * The time at which a chunk was written, within its text: {@code @@}, 19 digits of {@link System#nanoTime}, {@code @@}. That
 * clock is the same for every process of a machine, so a reader can tell how long a chunk was on its way.
 */
public final class Mark {

    /** How long a mark is. */
    public static final int BYTES = 23;

    private static final int DIGITS = 19;

    private Mark() {}

    /** Writes a mark into bytes. */
    public static void write(byte[] into, int at, long nanos) {
        into[at] = '@';
        into[at + 1] = '@';
        long rest = nanos;
        for (int i = at + 1 + DIGITS; i > at + 1; i--) {
            into[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        into[at + DIGITS + 2] = '@';
        into[at + DIGITS + 3] = '@';
    }

    /** Finds the marks in bytes that come in pieces of any size. */
    public static final class Finder {

        private int signs;
        private int digits;
        private long value;

        /** Takes each mark's time. */
        @FunctionalInterface
        public interface Found {
            void mark(long nanos);
        }

        /** Forgets a mark that has begun. */
        public void reset() {
            signs = 0;
            digits = 0;
            value = 0;
        }

        /** Looks through the next piece. */
        public void look(byte[] bytes, int from, int to, Found found) {
            for (int i = from; i < to; i++) {
                byte b = bytes[i];
                if (b == '@') {
                    sign(found);
                } else if (signs == 2 && digits < DIGITS && b >= '0' && b <= '9') {
                    value = value * 10 + (b - '0');
                    digits++;
                } else if (signs != 0) {
                    reset();
                }
            }
        }

        private void sign(Found found) {
            if (signs == 3) {
                found.mark(value);
                reset();
            } else if (signs == 2 && digits == DIGITS) {
                signs = 3;
            } else if (digits == 0 && signs < 2) {
                signs++;
            } else if (digits > 0) {
                reset();
                signs = 1;
            }
        }
    }
}
