package dev.sluice.provider.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.memory.MemoryShare;
import dev.sluice.provider.Endpoint;
import dev.sluice.provider.http.EventStreamDecoder;
import dev.sluice.provider.http.PublicText;
import dev.sluice.provider.http.SseParser;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Prints how many chunks one thread parses and decodes in a second. Run by hand; it asserts nothing. */
final class DecoderThroughput {

    private static final int EVENTS = 100_000;
    private static final int ROUNDS = 30;
    private static final int READ = 16 * 1024;
    private static final String EVENT =
            Decoded.json("data: {'id':'chatcmpl-A1','object':'chat.completion.chunk','created':1790000000,"
                    + "'model':'m-1','service_tier':'default','choices':[{'index':0,'delta':{'content':' word%s'},'logprobs':null,"
                    + "'finish_reason':null}],'usage':null%s}\n\n");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PublicText TEXT = new PublicText(
            new Endpoint("test", URI.create("http://localhost/v1"), null, Map.of(), Duration.ofSeconds(1)));

    private DecoderThroughput() {}

    public static void main(String[] arguments) {
        measure("only the text changes", false, READ);
        measure("every event changes elsewhere too", true, READ);
        measure("only the text changes, small reads", false, 200);
    }

    private static void measure(String what, boolean obfuscated, int read) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < EVENTS; i++) {
            String elsewhere = obfuscated ? Decoded.json(",'obfuscation':'" + Integer.toHexString(i * 31) + "'") : "";
            text.append(EVENT.formatted(i % 10, elsewhere));
        }
        byte[] input = text.toString().getBytes(StandardCharsets.UTF_8);
        double best = 0;
        for (int round = 0; round < ROUNDS; round++) {
            best = Math.max(best, chunksPerSecond(input, read));
        }
        System.out.printf("%-42s %,12.0f chunks/s%n", what, best);
    }

    private static double chunksPerSecond(byte[] input, int read) {
        long[] chunks = {0};
        EventStreamDecoder decoder = new EventStreamDecoder(
                new ChatEvents(JSON, TEXT), SseParser.DEFAULT_MAX_BYTES, new MemoryShare(Long.MAX_VALUE));
        long start = System.nanoTime();
        for (int from = 0; from < input.length; from += read) {
            decoder.feed(input, from, Math.min(read, input.length - from), _ -> chunks[0]++);
        }
        return chunks[0] * 1e9 / (System.nanoTime() - start);
    }
}
