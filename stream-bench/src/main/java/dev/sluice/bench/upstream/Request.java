package dev.sluice.bench.upstream;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One request, as far as the provider cares.
 *
 * @param get whether it asks for the provider's own figures
 * @param path its path
 * @param model the name in its body; empty where there is none
 * @param bytes how long it is, body and all
 */
record Request(boolean get, String path, String model, int bytes) {

    private static final String MODEL = "\"model\":\"";

    /** Returns the request that these bytes begin with, null if it is not there in full. */
    static @Nullable Request parse(byte[] bytes, int length) {
        int head = endOfHead(bytes, length);
        if (head < 0) {
            return null;
        }
        String text = new String(bytes, 0, head, StandardCharsets.ISO_8859_1);
        int end = head + contentLength(text);
        if (text.toLowerCase(Locale.ROOT).contains("\r\ntransfer-encoding: chunked")) {
            end = endOfChunks(bytes, head, length);
        }
        if (end < 0 || end > length) {
            return null;
        }
        int space = text.indexOf(' ');
        String path = text.substring(space + 1, text.indexOf(' ', space + 1));
        return new Request(text.startsWith("GET "), path, model(bytes, head, end), end);
    }

    private static int endOfHead(byte[] bytes, int length) {
        for (int i = 3; i < length; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private static int contentLength(String head) {
        String name = "\r\ncontent-length:";
        int at = head.toLowerCase(Locale.ROOT).indexOf(name);
        return at < 0
                ? 0
                : Integer.parseInt(head.substring(at + name.length(), head.indexOf('\r', at + 2))
                        .strip());
    }

    private static int endOfChunks(byte[] bytes, int from, int length) {
        int at = new String(bytes, from, length - from, StandardCharsets.ISO_8859_1).indexOf("0\r\n\r\n");
        return at < 0 ? -1 : from + at + 5;
    }

    private static String model(byte[] bytes, int from, int to) {
        String body = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        int at = body.indexOf(MODEL);
        int start = at + MODEL.length();
        return at < 0 ? "" : body.substring(start, Math.max(start, body.indexOf('"', start)));
    }
}
