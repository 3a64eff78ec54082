package dev.sluice.bench.upstream;

import java.util.Arrays;

/**
 * What the provider plays, written as the name of a model: letters with numbers, joined by {@code -}, for example
 * {@code c50-i20}.
 *
 * @param chunks {@code c}: chunks of text
 * @param intervalMs {@code i}: milliseconds between two chunks, 0 for as fast as the socket takes them
 * @param firstMs {@code f}: milliseconds before the first chunk
 * @param padding {@code p}: bytes of text in each chunk beyond the mark
 * @param seed {@code s}: the chunks are this seed's text instead of marks; -1 for marks
 * @param status {@code e}: an HTTP status to fail with instead, 0 for none
 * @param failures {@code x}: so many requests with this name fail, as the other letters say, before one succeeds, 0 for all
 * @param dieAfter {@code d}: the connection breaks after so many chunks, with 0 before the head, by a reset; -1 for never
 * @param stallAfter {@code h}: nothing comes after so many chunks, -1 for never
 * @param tag {@code t}: tells streams apart that are otherwise the same; -1 for none
 */
public record Script(
        int chunks,
        int intervalMs,
        int firstMs,
        int padding,
        long seed,
        int status,
        int failures,
        int dieAfter,
        int stallAfter,
        long tag) {

    private static final int MAX_PADDING = 8 * 1024;

    /** Plays marks. */
    public static Script of(int chunks, int intervalMs) {
        return new Script(chunks, intervalMs, 0, 0, -1, 0, 0, -1, -1, -1);
    }

    public Script first(int millis) {
        return new Script(chunks, intervalMs, millis, padding, seed, status, failures, dieAfter, stallAfter, tag);
    }

    public Script padded(int bytes) {
        return new Script(chunks, intervalMs, firstMs, bytes, seed, status, failures, dieAfter, stallAfter, tag);
    }

    public Script seeded(long number) {
        return new Script(chunks, intervalMs, firstMs, padding, number, status, failures, dieAfter, stallAfter, tag);
    }

    public Script failing(int withStatus, int times) {
        return new Script(chunks, intervalMs, firstMs, padding, seed, withStatus, times, dieAfter, stallAfter, tag);
    }

    public Script dying(int afterChunks) {
        return new Script(chunks, intervalMs, firstMs, padding, seed, status, failures, afterChunks, stallAfter, tag);
    }

    public Script stalling(int afterChunks) {
        return new Script(chunks, intervalMs, firstMs, padding, seed, status, failures, dieAfter, afterChunks, tag);
    }

    /** With its faults for so many requests of this name only. */
    public Script forRequests(int times) {
        return failing(status, times);
    }

    public Script tagged(long number) {
        return new Script(chunks, intervalMs, firstMs, padding, seed, status, failures, dieAfter, stallAfter, number);
    }

    /** Returns the name of the model. */
    public String model() {
        StringBuilder name = new StringBuilder("c" + chunks + "-i" + intervalMs);
        part(name, 'f', firstMs, 0);
        part(name, 'p', padding, 0);
        part(name, 's', seed, -1);
        part(name, 'e', status, 0);
        part(name, 'x', failures, 0);
        part(name, 'd', dieAfter, -1);
        part(name, 'h', stallAfter, -1);
        part(name, 't', tag, -1);
        return name.toString();
    }

    private static void part(StringBuilder name, char letter, long value, long absent) {
        if (value != absent) {
            name.append('-').append(letter).append(value);
        }
    }

    /** Returns the script of a model's name; what it does not say is as in one short chunk. */
    static Script parse(String model) {
        Script script = of(1, 0);
        for (String part : Arrays.asList(model.split("-", -1))) {
            if (part.length() > 1 && part.chars().skip(1).allMatch(Character::isDigit)) {
                script = script.with(part.charAt(0), Long.parseLong(part.substring(1)));
            }
        }
        return script;
    }

    private Script with(char letter, long value) {
        int number = (int) Math.min(value, Integer.MAX_VALUE);
        return switch (letter) {
            case 'c' ->
                new Script(number, intervalMs, firstMs, padding, seed, status, failures, dieAfter, stallAfter, tag);
            case 'i' -> new Script(chunks, number, firstMs, padding, seed, status, failures, dieAfter, stallAfter, tag);
            case 'f' -> first(number);
            case 'p' -> padded(Math.min(number, MAX_PADDING));
            case 's' -> seeded(value);
            case 'e' -> failing(number, failures);
            case 'x' -> failing(status, number);
            case 'd' -> dying(number);
            case 'h' -> stalling(number);
            case 't' -> tagged(value);
            default -> this;
        };
    }

    /** Returns the whole text of a seeded script, as a reader must get it. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < chunks; i++) {
            text.append(SeededText.chunk(seed, i));
        }
        return text.toString();
    }
}
