package dev.sluice.bench.soak;

import dev.sluice.bench.net.Http;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A format in which an answer is streamed once, without resume. A new one is a constant here: its path, its request, and what
 * its events mean. What a gateway does not offer yet is left out of the run.
 */
enum Format {
    CHAT_COMPLETIONS("/v1/chat/completions") {
        @Override
        String body(String model) {
            return "{\"model\":\"" + model + "\",\"stream\":true,\"messages\":" + MESSAGES + "}";
        }

        @Override
        void event(Map<String, @Nullable Object> event, Telling telling) {
            String text = Json.string(event, "choices", 0, "delta", "content");
            if (text != null) {
                telling.text(text);
            }
            if (Json.string(event, "choices", 0, "finish_reason") != null) {
                telling.end(Telling.COMPLETE);
            }
            error(event, telling);
        }
    },
    MESSAGES_API("/v1/messages") {
        @Override
        String body(String model) {
            return "{\"model\":\"" + model + "\",\"stream\":true,\"max_tokens\":1000,\"messages\":" + MESSAGES + "}";
        }

        @Override
        void event(Map<String, @Nullable Object> event, Telling telling) {
            String text = Json.string(event, "delta", "text");
            if (text != null) {
                telling.text(text);
            }
            if ("message_stop".equals(event.get("type"))) {
                telling.end(Telling.COMPLETE);
            }
            error(event, telling);
        }
    },
    RESPONSES("/v1/responses") {
        @Override
        String body(String model) {
            return "{\"model\":\"" + model + "\",\"stream\":true,\"input\":\"Hello\"}";
        }

        @Override
        void event(Map<String, @Nullable Object> event, Telling telling) {
            switch (String.valueOf(event.get("type"))) {
                case "response.output_text.delta" -> telling.text(String.valueOf(event.get("delta")));
                case "response.completed" -> telling.end(Telling.COMPLETE);
                case "response.failed" -> telling.end(code(Json.at(event, "response", "error")));
                default -> {} // An event that frames the others, or "error", which announces the failed response.
            }
        }
    },
    UI_MESSAGES("/api/chat") {
        @Override
        String path(String model) {
            return super.path(model) + "?model=" + model;
        }

        @Override
        String body(String model) {
            return """
                {"id":"soak-%s","trigger":"submit-message","messages":[
                {"id":"m1","role":"user","parts":[{"type":"text","text":"Hello"}]}]}""".formatted(model.replace('/', '-'));
        }

        @Override
        void event(Map<String, @Nullable Object> event, Telling telling) {
            switch (String.valueOf(event.get("type"))) {
                case "text-delta" -> telling.text(String.valueOf(event.get("delta")));
                case "finish" -> telling.end(Telling.COMPLETE);
                case "error", "abort" -> telling.end("error");
                default -> {} // An event that frames the others.
            }
        }
    };

    private static final String MESSAGES = "[{\"role\":\"user\",\"content\":\"Hello\"}]";

    private final String path;

    Format(String path) {
        this.path = path;
    }

    /** Returns a request's body that asks for a streamed answer of the model. */
    abstract String body(String model);

    /** Tells what one event means. */
    abstract void event(Map<String, @Nullable Object> event, Telling telling);

    String path(String model) {
        return path;
    }

    byte[] request(int port, String model) {
        return Http.request("POST", port, path(model), body(model), "Accept: text/event-stream");
    }

    /** Returns what takes the body of an answer. */
    Lines reader(Telling telling) {
        Consumer<String> data = event -> {
            if (!event.equals("[DONE]")) {
                event(Json.object(event), telling);
            }
        };
        return new Lines(new EventStreamLines(data));
    }

    private static void error(Map<String, @Nullable Object> event, Telling telling) {
        Object error = event.get("error");
        if (error != null) {
            telling.end(code(error));
        }
    }

    private static String code(@Nullable Object error) {
        String code = Json.string(error, "code");
        return code == null ? "error" : code;
    }
}
