package dev.sluice.gateway.api;

/** The body of the request that most tests send: a chat of one message. */
public final class ChatBody {

    private ChatBody() {}

    public static String body(String model) {
        return body(model, "");
    }

    /**
     * Returns one with further fields.
     *
     * @param more begins with a comma where it is not empty
     */
    public static String body(String model, String more) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]" + more + "}";
    }
}
