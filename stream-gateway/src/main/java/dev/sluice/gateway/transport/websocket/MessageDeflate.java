package dev.sluice.gateway.transport.websocket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionUtil;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtension;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Messages that are compressed (RFC 7692), of one socket. Quarkus switches off what Vert.x has for this, and that sets no
 * bound to what a message may become in memory: a few kilobytes could become gigabytes.
 */
final class MessageDeflate {

    private static final String HEADER = "Sec-WebSocket-Extensions";
    private static final int LEVEL = 6;

    /** The name that Vert.x gives to what reads frames from the channel. */
    private static final String READER = "handler";

    private final WebSocketServerExtension extension;

    private MessageDeflate(WebSocketServerExtension extension) {
        this.extension = extension;
    }

    /**
     * Agrees with a client that asks for a socket, and says so in the response's head.
     *
     * @param maxBytes what one frame may become
     * @return null where the client offers nothing that can be agreed on
     */
    static @Nullable MessageDeflate agree(HttpServerRequest http, int maxBytes) {
        PerMessageDeflateServerExtensionHandshaker handshaker = new PerMessageDeflateServerExtensionHandshaker(
                LEVEL, false, PerMessageDeflateServerExtensionHandshaker.MAX_WINDOW_SIZE, true, false, maxBytes);
        for (WebSocketExtensionData offer : offers(http)) {
            WebSocketServerExtension extension = accept(offer, handshaker);
            if (extension != null) {
                http.response().putHeader(HEADER, text(extension.newReponseData()));
                return new MessageDeflate(extension);
            }
        }
        return null;
    }

    /** Offers without a name, which Netty's parser fails at, are none. */
    private static List<WebSocketExtensionData> offers(HttpServerRequest http) {
        return http.headers().getAll(HEADER).stream()
                .flatMap(line -> Stream.of(line.split(",", -1)))
                .filter(offer -> !offer.substring(0, (offer + ";").indexOf(';')).isBlank())
                .flatMap(offer -> WebSocketExtensionUtil.extractExtensions(offer).stream())
                .toList();
    }

    private static @Nullable WebSocketServerExtension accept(
            WebSocketExtensionData offer, PerMessageDeflateServerExtensionHandshaker handshaker) {
        try {
            return handshaker.handshakeExtension(offer);
        } catch (NumberFormatException e) {
            return null; // a size that is no number is declined like one that is too large
        }
    }

    private static String text(WebSocketExtensionData agreed) {
        StringBuilder text = new StringBuilder(agreed.name());
        for (Map.Entry<String, String> parameter : agreed.parameters().entrySet()) {
            text.append("; ").append(parameter.getKey());
            if (parameter.getValue() != null) {
                text.append('=').append(parameter.getValue());
            }
        }
        return text.toString();
    }

    /**
     * Begins, when the handshake has just succeeded.
     *
     * @param refuse told why a message cannot be taken; the socket is to be closed then
     */
    void begin(ChannelPipeline pipeline, Consumer<CloseReason> refuse) {
        pipeline.addBefore(READER, "sluice-inflate", extension.newExtensionDecoder())
                .addBefore(READER, "sluice-deflate", extension.newExtensionEncoder())
                .addBefore(READER, "sluice-inflate-faults", new Faults(refuse));
    }

    private static final class Faults extends ChannelInboundHandlerAdapter {

        private final Consumer<CloseReason> refuse;

        Faults(Consumer<CloseReason> refuse) {
            this.refuse = refuse;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof DecompressionException) {
                boolean broken = cause.getCause() instanceof DataFormatException;
                refuse.accept(broken ? CloseReason.BAD_DATA : CloseReason.TOO_BIG);
            } else if (cause.getCause() instanceof CodecException) {
                refuse.accept(CloseReason.BAD_DATA); // nothing came out, as after the last block of an earlier message
            } else {
                context.fireExceptionCaught(cause);
            }
        }
    }
}
