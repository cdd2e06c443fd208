package io.fanfold.cli;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.rights.MissingRights;
import io.fanfold.protocol.rights.Role;
import io.fanfold.protocol.wire.KafkaSettings;
import java.io.IOException;
import java.util.Set;
import org.apache.kafka.common.KafkaException;

/** What a command does on a cluster: where brokers refuse it for want of a right, the error says which. */
final class OnCluster {
    private OnCluster() {}

    /** Something done on a cluster. */
    interface Work<T> {
        T act() throws IOException, InterruptedException;
    }

    static <T> T run(KafkaSettings kafka, Work<T> work) throws IOException, InterruptedException {
        try {
            return work.act();
        } catch (FanfoldException | KafkaException e) {
            throw new MissingRights(kafka, Role.CLIENT, Set.of())
                    .behind(e)
                    .<RuntimeException>map(why -> why)
                    .orElse(e);
        }
    }
}
