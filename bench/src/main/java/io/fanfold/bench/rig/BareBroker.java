package io.fanfold.bench.rig;

import io.fanfold.broker.LocalBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A broker alone in its process, for {@link BrokerProcess}; it ends with the process that started it. */
final class BareBroker {
    private BareBroker() {}

    /**
     * Runs it until standard input ends.
     *
     * @param args the directory of its log, and its port
     */
    public static void main(String[] args) throws IOException {
        LocalBroker broker = LocalBroker.start(Path.of(args[0]), Integer.parseInt(args[1]), Map.of());
        System.out.println(BrokerProcess.READY);
        System.out.flush();
        while (System.in.read() >= 0) {
            // only the end counts
        }
        broker.close();
        System.exit(0);
    }
}
