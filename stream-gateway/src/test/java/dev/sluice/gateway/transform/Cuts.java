package dev.sluice.gateway.transform;

import dev.sluice.stream.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Answers made of what the patterns look for and of what only looks like it, and the same answers cut anyhow. */
public final class Cuts {

    private static final List<String> PIECES = List.of(
            "joe@example.com",
            "a.b+c@mail.example.co.uk",
            "joe@",
            "@example.com",
            "joe@example",
            ".com",
            "4111 1111 1111 1111",
            "4111111111111111",
            "4111-1111-1111-1112",
            "378282246310005",
            "1234",
            "+49 30 1234567",
            "(555) 123-4567",
            "555-123-4567",
            "0049301234567",
            "192.168.17.4",
            "1.2.3",
            "fe80::1",
            "2001:db8:0:0:0:0:2:1",
            "::ffff:10.0.0.1",
            "12:30:45",
            "std::vector",
            "sk-abcdefghijklmnopqrstuvwx",
            "sk-",
            "AKIAABCDEFGHIJKLMNOP",
            "eyJhbGciOiJIUzI1NiJ9.e30.x",
            "Bearer abcdefghijklmnop0123",
            "bearer",
            "DE89 3704 0044 0532 0130 00",
            "GB29NWBK60161331926819",
            "DE89 3704",
            "ACME",
            "ACMEACME",
            "AC",
            "ACM",
            "EMP-1234",
            "EMP-12",
            "word",
            "Word",
            "x",
            "7",
            "é",
            "日本語",
            "😀",
            "👋🏽",
            "\ud83d",
            "\ude00",
            "\"",
            "{\"a\":\"",
            "\n",
            ".",
            "-",
            ",",
            "_");

    private Cuts() {}

    /** Returns a text of up to a dozen pieces. */
    public static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int pieces = 1 + random.nextInt(12);
        for (int i = 0; i < pieces; i++) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
            text.append(random.nextInt(3) == 0 ? "" : " ");
        }
        return text.toString();
    }

    /** Returns the text in pieces, none of them empty, of every size down to one half of a character. */
    public static List<String> of(String text, Random random) {
        int most = 1 + random.nextInt(random.nextBoolean() ? 4 : 40);
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(most));
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }

    /** Returns an answer of a few runs, each in one delta. */
    static List<Chunk> answer(Random random) {
        List<Chunk> answer = new ArrayList<>();
        answer.add(new Chunk.Started("id", "model"));
        int calls = 0;
        for (int runs = 1 + random.nextInt(5); runs > 0; runs--) {
            switch (random.nextInt(3)) {
                case 0 -> answer.add(new Chunk.TextDelta(text(random)));
                case 1 -> answer.add(new Chunk.ReasoningDelta(text(random)));
                default -> answer.add(new Chunk.ToolCallDelta(calls, "call" + calls, "f" + calls++, text(random)));
            }
        }
        return answer;
    }

    /** Returns the same answer in other deltas. */
    static List<Chunk> cut(List<Chunk> answer, Random random) {
        List<Chunk> cut = new ArrayList<>();
        for (Chunk chunk : answer) {
            switch (chunk) {
                case Chunk.TextDelta(String text) ->
                    of(text, random).forEach(piece -> cut.add(new Chunk.TextDelta(piece)));
                case Chunk.ReasoningDelta(String text) ->
                    of(text, random).forEach(piece -> cut.add(new Chunk.ReasoningDelta(piece)));
                case Chunk.ToolCallDelta call -> {
                    cut.add(new Chunk.ToolCallDelta(call.index(), call.id(), call.name(), ""));
                    of(call.arguments(), random)
                            .forEach(piece -> cut.add(new Chunk.ToolCallDelta(call.index(), null, null, piece)));
                }
                case Chunk.Started _, Chunk.UsageReported _, Chunk.Finished _ -> cut.add(chunk);
            }
        }
        return cut;
    }

    /** Returns what a reader makes of chunks: one line for each run and for each other chunk. */
    static List<String> read(List<Chunk> chunks) {
        List<String> lines = new ArrayList<>();
        String before = "";
        for (Chunk chunk : chunks) {
            String kind = switch (chunk) {
                case Chunk.TextDelta _ -> "text ";
                case Chunk.ReasoningDelta _ -> "reasoning ";
                case Chunk.ToolCallDelta call -> "call" + call.index() + " ";
                case Chunk.Started _, Chunk.UsageReported _, Chunk.Finished _ -> chunk.toString();
            };
            String delta = switch (chunk) {
                case Chunk.TextDelta(String text) -> text;
                case Chunk.ReasoningDelta(String text) -> text;
                case Chunk.ToolCallDelta call -> call.arguments();
                case Chunk.Started _, Chunk.UsageReported _, Chunk.Finished _ -> "";
            };
            if (kind.equals(before)) {
                lines.set(lines.size() - 1, lines.getLast() + delta);
            } else {
                lines.add(kind + delta);
            }
            before = kind;
        }
        return lines;
    }
}
