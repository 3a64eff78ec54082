package dev.sluice.gateway.dialect;

import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.generation.StreamEvent.Progress;
import dev.sluice.gateway.generation.StreamId;
import dev.sluice.gateway.generation.StreamKey;
import dev.sluice.gateway.generation.ToolCall;
import dev.sluice.provider.Phase;
import dev.sluice.stream.FinishReason;
import dev.sluice.stream.TokenUsage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The streams of which {@code contracts/streams} holds the bytes. Between them they hold every event there is. */
public final class ExampleStream {

    private static final Path CONTRACTS = Path.of("..", "contracts", "streams");

    /** What every reader of the example knows about it. */
    public static final GenerationInfo INFO = new GenerationInfo(
            new StreamKey(Caller.ANONYMOUS, new StreamId("str_example")),
            "demo",
            "/v1/streams",
            true,
            null,
            Instant.parse("2026-11-21T10:00:00.999Z"));

    /** The answer that {@link #COMPLETED} ends with. */
    public static final Answer ANSWER = new Answer(
            "H\u00e9llo \uD83D\uDE00\n\"there\"",
            false,
            "Let me think.",
            List.of(new ToolCall("call_1", "weather", "{\"city\":\"Rome\"}"), new ToolCall("call_2", "time", "")),
            FinishReason.TOOL_CALLS,
            new TokenUsage(12, 50, 4L, 7L),
            false,
            "demo-2026",
            "simulator",
            3,
            Duration.ofMillis(1_310),
            Duration.ofNanos(2_500_999_999L));

    /** An answer after a retry and a fallback, with thinking, text that needs escapes, and two tool calls. */
    public static final List<StreamEvent> COMPLETED = List.of(
            new StreamEvent.Status(Progress.ACCEPTED, "Accepted", 0, "demo", null),
            new StreamEvent.Status(Progress.CONNECTING, "Asking demo", 1, "demo", null),
            new StreamEvent.Status(
                    Progress.RETRYING, "Retrying in 1.2 s (attempt 2)", 1, "demo", Duration.ofMillis(1_200)),
            new StreamEvent.Status(Progress.CONNECTING, "Asking demo", 2, "demo", null),
            new StreamEvent.Status(Progress.FALLING_BACK, "Trying another model", 2, "demo", null),
            new StreamEvent.Status(Progress.CONNECTING, "Asking demo", 3, "demo", null),
            new StreamEvent.Status(Progress.STREAMING, "Streaming", 3, "demo", null),
            new StreamEvent.Reasoning("Let me ", 0),
            new StreamEvent.Reasoning("think.", 1),
            new StreamEvent.Text("H\u00e9llo \uD83D", 0),
            new StreamEvent.Text("\uDE00\n\"there\"", 1),
            new StreamEvent.ToolCallPart(0, "call_1", "weather", ""),
            new StreamEvent.ToolCallPart(0, null, null, "{\"city\":\"Rome\"}"),
            new StreamEvent.ToolCallPart(1, "call_2", "time", ""),
            new StreamEvent.Completed(ANSWER));

    /** An answer that breaks off, and one that never began. */
    public static final List<StreamEvent> BROKEN = List.of(
            new StreamEvent.Status(Progress.STREAMING, "Streaming", 1, "demo", null),
            new StreamEvent.Text("Hello", 0),
            new StreamEvent.Failed(
                    GatewayError.of(ErrorCode.TIMEOUT, "The provider was silent for 30 s.")
                            .withPhase(Phase.MID_STREAM),
                    true));

    /** An answer that breaks off, and whose rest another attempt brings. */
    public static final List<StreamEvent> CONTINUED = List.of(
            new StreamEvent.Status(Progress.STREAMING, "Streaming", 1, "demo", null),
            new StreamEvent.Text("Hello", 0),
            new StreamEvent.Status(
                    Progress.CONTINUING,
                    "The answer broke off after 5 characters, and its rest is asked for",
                    1,
                    "demo",
                    null,
                    5),
            new StreamEvent.Status(
                    Progress.RETRYING, "Retrying in 1.2 s (attempt 2)", 1, "demo", Duration.ofMillis(1_200)),
            new StreamEvent.Status(Progress.CONNECTING, "Asking demo", 2, "demo", null),
            new StreamEvent.Text(" there", 1),
            new StreamEvent.Completed(new Answer(
                    "Hello there",
                    false,
                    "",
                    List.of(),
                    FinishReason.STOP,
                    TokenUsage.of(30, 3),
                    true,
                    "demo-2026",
                    "simulator",
                    2,
                    Duration.ofMillis(310),
                    Duration.ofMillis(2_500))));

    /** An answer that somebody ended early. */
    public static final List<StreamEvent> ABORTED = List.of(
            new StreamEvent.Status(Progress.STREAMING, "Streaming", 1, "demo", null),
            new StreamEvent.Text("Hello", 0),
            new StreamEvent.Failed(
                    GatewayError.of(ErrorCode.CANCELLED, "The stream was aborted."), true, TokenUsage.of(12, 2), true));

    /** A stream all of whose attempts failed. */
    public static final List<StreamEvent> SPENT = List.of(new StreamEvent.Failed(
            GatewayError.of(ErrorCode.RATE_LIMIT, "The provider asks to slow down.")
                    .withUpstreamCode("slow_down")
                    .withRetryAfter(Duration.ofSeconds(7))
                    .withPhase(Phase.HEAD)
                    .asRetriesExceeded(3),
            false));

    /** What a reader sees that asked for the first event of a stream of which the first 40 are no longer kept. */
    public static final List<StreamEvent> RESET = List.of(new StreamEvent.Reset(40), new StreamEvent.Text("Hello", 33));

    private ExampleStream() {}

    /** Returns the bytes that a reader gets of these events, as text. */
    public static String encode(Dialect dialect, List<StreamEvent> events) {
        StreamEncoder encoder = dialect.encoder(INFO);
        Utf8Buffer out = new Utf8Buffer(16);
        long offset = 0;
        for (StreamEvent event : events) {
            encoder.encode(offset, event, out);
            offset = event instanceof StreamEvent.Reset(long first) ? first : offset + 1;
        }
        return new String(out.toBytes(), StandardCharsets.UTF_8);
    }

    /** Returns a file of {@code contracts/streams}. */
    public static String contract(String name) throws IOException {
        Path file = CONTRACTS.resolve(name);
        return Files.readString(file);
    }
}
