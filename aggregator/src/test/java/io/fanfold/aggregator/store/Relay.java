package io.fanfold.aggregator.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A network between client and server, with its faults. */
final class Relay implements AutoCloseable {
    private final ServerSocket door;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final URI server;
    private final String text;
    private final Action action;
    private final long answerBytes;

    private Relay(URI server, String text, Action action, long answerBytes) throws IOException {
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.server = server;
        this.text = text;
        this.action = action;
        this.answerBytes = answerBytes;
        Future<?> _ = threads.submit(this::accept);
    }

    /** What becomes of a request that has the text in it: the answer to it, or an exception, and the connection is cut. */
    @FunctionalInterface
    interface Action {
        String answer() throws IOException;
    }

    /** Answers requests that have this text in them itself. */
    static Relay answering(String text, Action action, URI server) throws IOException {
        return new Relay(server, text, action, Long.MAX_VALUE);
    }

    /** Cuts every connection that asks for something with this text in it. */
    static Relay cutting(String text, URI server) throws IOException {
        Action cut = () -> {
            throw new IOException("cut");
        };
        return answering(text, cut, server);
    }

    /** Cuts every connection that has brought so many bytes to the client. */
    static Relay cuttingAfterAnswerBytes(long bytes, URI server) throws IOException {
        return new Relay(server, "none", () -> "", bytes);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + door.getLocalPort());
    }

    private Void accept() throws IOException {
        while (true) {
            Socket client = door.accept();
            Socket behind = new Socket(server.getHost(), server.getPort());
            Future<?> _ = threads.submit(() -> pass(client, behind, Long.MAX_VALUE));
            Future<?> _ = threads.submit(() -> pass(behind, client, answerBytes));
        }
    }

    private Void pass(Socket from, Socket to, long most) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[16_384];
            long passed = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                passed += n;
                if (passed > most) {
                    return null;
                }
                if (from.getLocalPort() == door.getLocalPort()
                        && text(buffer, n).contains(text)) {
                    from.getOutputStream().write(action.answer().getBytes(StandardCharsets.ISO_8859_1));
                    return null;
                }
                out.write(buffer, 0, n);
                out.flush();
            }
            return null;
        }
    }

    private static String text(byte[] buffer, int bytes) {
        return new String(buffer, 0, bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        door.close();
        threads.shutdownNow();
    }
}
