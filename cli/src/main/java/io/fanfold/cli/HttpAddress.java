package io.fanfold.cli;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.InvalidRequestException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Where a role serves HTTP.
 *
 * @param host the interface to listen on
 * @param port 0: any free one
 */
record HttpAddress(String host, int port) {
    HttpAddress {
        if (port < 0 || port > 65_535) {
            throw new InvalidRequestException("port " + port + " is not one of 0 to 65535");
        }
    }

    /**
     * Finds out before anything is started.
     *
     * @throws FanfoldException if the port is in use or not allowed
     */
    void requireFree() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    FanfoldException unusable(Exception why) {
        return new FanfoldException(
                "port " + port + " of " + host
                        + " cannot be used for HTTP: it is in use or not allowed; choose another with"
                        + " --http-port, 0 for any free one",
                why);
    }

    /** With a port that is known before the server starts, so that others can be told of it. */
    HttpAddress settled() throws IOException {
        if (port != 0) {
            return this;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, 0));
            return new HttpAddress(host, socket.getLocalPort());
        }
    }
}
