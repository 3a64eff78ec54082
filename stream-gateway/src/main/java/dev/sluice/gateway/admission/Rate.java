package dev.sluice.gateway.admission;

/**
 * So many in a minute.
 *
 * @param perMinute in the long run, 1 to {@link #MOST}
 * @param burst at once after a rest, 1 to {@link #MOST}
 */
public record Rate(long perMinute, long burst) {

    /** With this bound {@link Gcra} counts exactly in a long. */
    static final long MOST = 100_000_000;

    public Rate {
        if (perMinute < 1 || perMinute > MOST || burst < 1 || burst > MOST) {
            throw new IllegalArgumentException("a rate and its burst are 1 to " + MOST);
        }
    }
}
