package dev.sluice.gateway.api;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.dialect.Dialect;
import dev.sluice.gateway.dialect.ExampleStream;
import dev.sluice.gateway.dialect.anthropic.AnthropicDialect;
import dev.sluice.gateway.dialect.openai.OpenAiDialect;
import dev.sluice.gateway.dialect.standard.StandardDialect;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.testing.Examples;
import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds every error to the table that callers read, before and after the first byte. */
class ErrorTableTest {

    private static final Path GUIDE = Path.of("..", "docs", "guides", "errors.md");

    /** The cells that code decides; the two after them are for people. */
    private record Row(String code, String http, String type, String anthropic, String fault, String retryable) {

        static Row of(ErrorCode code) {
            List<GatewayError> errors = errors(code);
            return new Row(
                    "`" + code + "`",
                    errors.stream()
                            .map(error -> "" + ErrorForm.OPENAI.status(error))
                            .collect(joining(", ")),
                    "`"
                            + before(ErrorForm.OPENAI, errors.getFirst())
                                    .at("/error/type")
                                    .textValue() + "`",
                    errors.stream().map(Row::anthropic).collect(joining(", ")),
                    code.fault().name().toLowerCase(Locale.ROOT),
                    code.retryable() ? "yes" : "no");
        }

        private static String anthropic(GatewayError error) {
            return ErrorForm.ANTHROPIC.status(error) + " `"
                    + before(ErrorForm.ANTHROPIC, error).at("/error/type").textValue() + "`";
        }
    }

    @Test
    void guideSaysOfEveryCodeWhatTheCodeDoes() throws IOException {
        assertThat(cells().map(row -> new Row(row.get(0), row.get(1), row.get(2), row.get(3), row.get(4), row.get(5))))
                .containsExactlyElementsOf(
                        Arrays.stream(ErrorCode.values()).map(Row::of).toList());
    }

    @Test
    void guideTellsPeopleWhereEachComesFromAndWhatToDo() throws IOException {
        assertThat(cells())
                .allSatisfy(row -> assertThat(row)
                        .hasSize(8)
                        .as(row.getFirst())
                        .last()
                        .asString()
                        .hasSizeGreaterThan(5));
    }

    @ParameterizedTest
    @EnumSource
    void openAisObjectIsTheSameBeforeAndAfterTheFirstByte(ErrorCode code) {
        for (GatewayError error : errors(code)) {
            List<Frames.Frame> events = after(OpenAiDialect.PLAIN, error);

            assertThat(events).hasSize(2);
            assertThat(events.getFirst().event()).isEqualTo("error");
            assertThat(events.getFirst().json()).isEqualTo(before(ErrorForm.OPENAI, error));
            assertThat(events.getLast().data()).isEqualTo("[DONE]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anthropicsObjectIsTheSameBeforeAndAfterTheFirstByte(ErrorCode code) {
        for (GatewayError error : errors(code)) {
            Frames.Frame event = after(AnthropicDialect.MESSAGES, error).getLast();

            assertThat(event.event()).isEqualTo("error");
            assertThat(event.json()).isEqualTo(before(ErrorForm.ANTHROPIC, error));
        }
    }

    @ParameterizedTest
    @EnumSource
    void standardEventSaysWhatTheTableSays(ErrorCode code) {
        for (GatewayError error : errors(code)) {
            List<Frames.Frame> events = after(StandardDialect.EVENT_STREAM, error);

            assertThat(events).extracting(Frames.Frame::type).containsExactly("error");
            JsonNode data = events.getFirst().json().path("data");
            assertThat(data.path("code").textValue()).isEqualTo(code.name());
            assertThat(data.path("retryable").booleanValue()).isEqualTo(code.retryable());
            assertThat(data.path("partial").booleanValue()).isTrue();
        }
    }

    /** Returns one error for each HTTP status that a code can have. */
    private static List<GatewayError> errors(ErrorCode code) {
        return switch (code) {
            case PROVIDER_REJECTED, MAX_RETRIES_EXCEEDED ->
                List.copyOf(Examples.failures().stream()
                        .map(ErrorTableTest::told)
                        .filter(error -> error.code() == code)
                        .collect(toMap(GatewayError::status, error -> error, (one, _) -> one, TreeMap::new))
                        .values());
            default -> List.of(GatewayError.of(code, "No."));
        };
    }

    private static GatewayError told(ProviderFailure failure) {
        GatewayError error = GatewayError.of(failure, Phase.HEAD);
        return failure.retryable() ? error.asRetriesExceeded(3) : error;
    }

    private static JsonNode before(ErrorForm form, GatewayError error) {
        return Json.read(form.body(error, ExampleStream.INFO.key().id().value()));
    }

    private static List<Frames.Frame> after(Dialect dialect, GatewayError error) {
        return Frames.of(ExampleStream.encode(dialect, List.of(new StreamEvent.Failed(error, true))))
                .events();
    }

    private static Stream<List<String>> cells() throws IOException {
        return Files.readAllLines(GUIDE).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> Arrays.stream(line.substring(2, line.length() - 2).split(" \\| "))
                        .map(String::strip)
                        .toList());
    }
}
