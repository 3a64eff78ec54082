package dev.sluice.bench.upstream;

import java.util.List;

/** Text that a seed decides, with what goes wrong most easily: quotes, line ends, letters of two, three and four bytes. */
final class SeededText {

    private static final List<String> WORDS = List.of(
            "stream ",
            "größer ",
            "\"so\" ",
            "back\\slash ",
            "\n\n",
            "日本語 ",
            "\t",
            "🙂 ",
            "👩‍🚀 ",
            "é",
            "data: [DONE] ",
            "\r\n",
            "id: 7 ",
            "</script> ",
            "\u2028",
            "end. ",
            "a",
            "{\"k\":1} ",
            "ﷺ ",
            "0\r\n\r\n");

    private SeededText() {}

    /** Returns chunk {@code index} of the seed's text; never empty, always whole characters. */
    static String chunk(long seed, int index) {
        long mixed = mix(seed * 0x9E3779B97F4A7C15L + index);
        int words = 1 + (int) (mixed & 3);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            mixed = mix(mixed + i);
            text.append(WORDS.get((int) Math.floorMod(mixed, (long) WORDS.size())));
        }
        return text.append(Long.toString(mixed & 0xFFF, 36)).append(' ').toString();
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
