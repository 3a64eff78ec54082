package dev.sluice.gateway.pipeline;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Servers at https addresses that never come to speak TLS: one speaks without it, one does not speak. */
public final class BadPeers implements QuarkusTestResourceLifecycleManager {

    private static final byte[] PLAIN =
            "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final List<Socket> held = new CopyOnWriteArrayList<>();
    private @Nullable ServerSocket plain;
    private @Nullable ServerSocket mute;

    @Override
    public Map<String, String> start() {
        ServerSocket speaking = listen(true);
        ServerSocket silent = listen(false);
        plain = speaking;
        mute = silent;
        return Map.of(
                "sluice.providers.plain.base-url", "https://127.0.0.1:" + speaking.getLocalPort(),
                "sluice.providers.mute.base-url", "https://127.0.0.1:" + silent.getLocalPort());
    }

    @Override
    public void stop() {
        close(plain);
        close(mute);
    }

    private ServerSocket listen(boolean speaks) {
        try {
            ServerSocket listener = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(() -> accept(listener, speaks));
            return listener;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket listener, boolean speaks) {
        try {
            while (true) {
                Socket socket = listener.accept();
                held.add(socket);
                if (speaks) {
                    socket.getOutputStream().write(PLAIN);
                    socket.getOutputStream().flush();
                }
            }
        } catch (IOException _) {
            // Closed.
        }
    }

    private void close(@Nullable ServerSocket listener) {
        try {
            if (listener != null) {
                listener.close();
            }
            for (Socket socket : held) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
