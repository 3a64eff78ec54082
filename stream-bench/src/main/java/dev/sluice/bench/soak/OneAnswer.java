package dev.sluice.bench.soak;

import dev.sluice.bench.upstream.Script;
import java.io.IOException;
import java.time.Duration;

/** One streamed answer, read to its end and held against what the provider was to say. */
public final class OneAnswer {

    private OneAnswer() {}

    /**
     * Asks in the format of chat completions.
     *
     * @param model as the gateway knows it
     * @param script what its provider plays, seeded
     * @return whether the answer came in whole; otherwise it ended with an error that was told
     * @throws IllegalStateException if the answer ended without an end, or its text is not the script's
     */
    public static boolean isWhole(int port, String model, Script script) throws IOException, InterruptedException {
        return read(port, Format.CHAT_COMPLETIONS, model, script, Duration.ZERO).complete();
    }

    /**
     * Reads in a format.
     *
     * @param pause after each read of a few bytes; zero to read as fast as it comes
     */
    static Telling read(int port, Format format, String model, Script script, Duration pause)
            throws IOException, InterruptedException {
        Telling telling = new Telling(script);
        Lines lines = format.reader(telling);
        try (Exchange exchange = new Exchange(port, format.request(port, model), pause)) {
            int status = exchange.status();
            if (status != 200) {
                telling.end("HTTP " + status);
                exchange.text();
            } else {
                exchange.read(Long.MAX_VALUE, lines::take);
            }
        }
        if (!telling.ended()) {
            throw new Telling.Fault(script, "the answer ended without its end");
        }
        return telling;
    }
}
