package dev.sluice.gateway.dialect.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Tools and their choice as a chat completion has them. */
final class ToolFields {

    private ToolFields() {}

    /** Sets {@code tools}, {@code tool_choice} and {@code parallel_tool_calls}; none of them where there are no tools. */
    static void translate(Field tools, Field choice, ObjectNode chat) {
        if (tools.items().isEmpty()) {
            // Without tools there is nothing to choose, and some providers refuse a choice then.
            return;
        }
        ArrayNode functions = chat.putArray("tools");
        tools.items().forEach(tool -> function(tool, functions));
        if (!choice.absent()) {
            choice(choice, chat);
        }
    }

    private static void function(Field tool, ArrayNode functions) {
        tool.object();
        Field type = tool.at("type");
        if (!type.absent() && !type.text().equals("custom")) {
            throw type.wrong("custom or left out: there are no tools here that the server runs");
        }
        ObjectNode function = functions.addObject().put("type", "function").putObject("function");
        function.put("name", tool.at("name").text());
        if (!tool.at("description").absent()) {
            function.put("description", tool.at("description").text());
        }
        function.set("parameters", tool.at("input_schema").object());
        if (tool.at("strict").flag()) {
            function.put("strict", true);
        }
    }

    private static void choice(Field choice, ObjectNode chat) {
        choice.object();
        Field type = choice.at("type");
        switch (type.text()) {
            case "auto" -> chat.put("tool_choice", "auto");
            case "any" -> chat.put("tool_choice", "required");
            case "none" -> chat.put("tool_choice", "none");
            case "tool" -> {
                ObjectNode named = chat.putObject("tool_choice").put("type", "function");
                named.putObject("function").put("name", choice.at("name").text());
            }
            default -> throw type.wrong("auto, any, tool or none");
        }
        if (choice.at("disable_parallel_tool_use").flag()) {
            chat.put("parallel_tool_calls", false);
        }
    }
}
