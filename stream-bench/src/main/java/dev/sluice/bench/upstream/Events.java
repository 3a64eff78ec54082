package dev.sluice.bench.upstream;

import dev.sluice.bench.net.Mark;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes of one script's answer. Made once and used by every stream that plays the script. */
final class Events {

    /** The most that one chunk may take, padding and all. */
    static final int MAX_CHUNK_BYTES = 10 * 1024;

    private static final byte[] NO_MARK = new byte[Mark.BYTES];

    private final Script script;
    private final String head;
    private final byte[] first;
    private final byte[] further;
    private final int firstMark;
    private final int furtherMark;
    private final byte[] tail;

    Events(String model, Script script) {
        this.script = script;
        this.head =
                "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\""
                        + model + "\",\"choices\":[";
        String mark = new String(NO_MARK, StandardCharsets.ISO_8859_1) + "x".repeat(script.padding());
        this.first = chunk(0, mark);
        this.further = chunk(1, mark);
        this.firstMark = indexOfZero(first);
        this.furtherMark = indexOfZero(further);
        this.tail = ending().getBytes(StandardCharsets.UTF_8);
    }

    Script script() {
        return script;
    }

    /** Writes one chunk, with the time of now where the script plays marks. */
    void write(int index, ByteBuffer out) {
        if (script.seed() >= 0) {
            out.put(chunk(index, quoted(SeededText.chunk(script.seed(), index))));
            return;
        }
        byte[] chunk = index == 0 ? first : further;
        Mark.write(chunk, index == 0 ? firstMark : furtherMark, System.nanoTime());
        out.put(chunk);
    }

    /** Returns what follows the last chunk: the finish, the usage, the end. */
    byte[] tail() {
        return tail;
    }

    private String ending() {
        String finish = head + "{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
        String usage = head + "],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":" + script.chunks()
                + ",\"total_tokens\":" + (script.chunks() + 10) + "}}\n\n";
        return httpChunk(finish) + httpChunk(usage) + httpChunk("data: [DONE]\n\n") + "0\r\n\r\n";
    }

    private byte[] chunk(int index, String content) {
        String role = index == 0 ? "\"role\":\"assistant\"," : "";
        String event = head + "{\"index\":0,\"delta\":{" + role + "\"content\":\"" + content
                + "\"},\"finish_reason\":null}]}\n\n";
        return httpChunk(event).getBytes(StandardCharsets.UTF_8);
    }

    private static String httpChunk(String event) {
        int length = event.getBytes(StandardCharsets.UTF_8).length;
        return Integer.toHexString(length) + "\r\n" + event + "\r\n";
    }

    private static int indexOfZero(byte[] bytes) {
        int at = 0;
        while (bytes[at] != 0) {
            at++;
        }
        return at;
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
