package io.fanfold.cli;

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
